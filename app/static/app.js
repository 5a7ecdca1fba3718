// What pages need beside the attributes of htmx. It listens on the document alone, never touches window.htmx and works
// while htmx is not there: then forms and links are what they always were.
'use strict';
{
  const all = (selector) => document.querySelectorAll(selector);
  const listen = (name, act, capture) => document.addEventListener(name, act, capture);
  // Never bubbling: a bubbling «poll» of an inner element would ask for the outer one, too.
  const fire = (element, name) => element.dispatchEvent(new CustomEvent(name));
  const waitsFor = (element, name) => element?.matches?.(`[hx-trigger~="${name}"]`);
  const byClock = (element) => waitsFor(element, 'poll') || waitsFor(element, 'seen');

  // The clock of the page: what is new is asked for often while somebody works, seldom later, never where nobody looks.

  const MINUTE = 60_000;
  const refused = new WeakSet();
  let ended = false; // the session; another tab may have begun a new one when the person comes back to this page
  let active = Date.now();
  let asked = active;
  let looked = active;

  const pause = () => {
    const idle = Date.now() - active;
    const line = navigator.connection;
    if (idle > 10 * MINUTE || line?.saveData || /2g/.test(line?.effectiveType)) return MINUTE;
    return idle > MINUTE ? 15_000 : 5_000;
  };
  const poll = () => {
    asked = Date.now();
    for (const one of all('[hx-trigger~="poll"]')) if (!refused.has(one)) fire(one, 'poll');
  };
  const seen = () => {
    looked = Date.now();
    if (!document.hidden) all('[hx-trigger~="seen"]').forEach((one) => fire(one, 'seen'));
  };
  const wake = () => {
    active = Date.now();
    ended = false;
    if (document.hidden) return;
    poll();
    seen();
  };
  // What can be taken back for some seconds only is not offered longer.
  const BRIEF = 15_000;
  const shown = new WeakMap();
  const fade = () => all('[data-brief]').forEach((one) => {
    if (!shown.has(one)) shown.set(one, Date.now());
    if (Date.now() - shown.get(one) < BRIEF) return;
    if (one.contains(document.activeElement)) focusOn(one.parentElement);
    one.remove();
  });
  setInterval(() => {
    fade();
    if (ended || document.hidden || !navigator.onLine) return;
    if (Date.now() - asked >= pause()) poll();
    if (Date.now() - looked >= MINUTE) seen();
  }, 1000);
  listen('visibilitychange', wake);
  addEventListener('online', wake);
  for (const name of ['keydown', 'pointerdown']) listen(name, () => { active = Date.now(); }, true);
  listen('htmx:after:init', ({ target }) => {
    if (waitsFor(target, 'seen') && !document.hidden) fire(target, 'seen');
  });

  // Autosave: two seconds after the last key, at once when the field is left, at most every ten seconds.

  const drafts = new WeakMap();
  const save = (form, delay) => {
    const draft = drafts.get(form) ?? { last: 0 };
    drafts.set(form, draft);
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => {
      const holder = form.isConnected && form.querySelector('[hx-trigger~="autosave"]');
      draft.timer = 0;
      if (!holder) return;
      if (draft.busy) return save(form, 1000); // what was typed since the request left has to go, too
      draft.last = Date.now();
      fire(holder, 'autosave');
    }, Math.max(delay, draft.last + 10_000 - Date.now()));
  };
  const saving = (source, busy) => {
    const draft = waitsFor(source, 'autosave') && drafts.get(source.closest('form'));
    if (draft) draft.busy = busy;
  };
  const saveLater = (source) => {
    if (!source.dataset.offline || !waitsFor(source, 'autosave')) return false;
    source.textContent = source.dataset.offline;
    save(source.closest('form'), 0);
    return true;
  };
  const draftOf = (event) => event.target.closest?.('form[data-autosave]');
  listen('input', (event) => {
    if (draftOf(event) && event.target.type !== 'file') save(draftOf(event), 2000);
  });
  listen('focusout', (event) => {
    if (drafts.get(draftOf(event))?.timer) save(draftOf(event), 0);
  });
  listen('submit', (event) => clearTimeout(drafts.get(event.target)?.timer), true);
  // What a refused or lost sending was to bring is saved as if it had just been typed.
  const keepAll = () => all('form[data-autosave]').forEach((form) => { if (drafts.has(form)) save(form, 2000); });
  addEventListener('online', keepAll);

  // Sentences for what went wrong where the answer brings none of its own.

  const LINE = 'Нет связи. Введенное осталось на странице, попробуйте еще раз.';
  const LATE = 'Сервер не ответил вовремя. Введенное осталось на странице, попробуйте еще раз.';
  const BUSY = 'Сервис временно недоступен. Введенное осталось на странице, повторите через минуту.';
  const WORDS = {
    413: 'Отправлено больше, чем мы принимаем: один файл может быть до 30 МБ. Введенное осталось на странице.',
    429: 'Слишком много попыток. Подождите немного и повторите, введенное осталось на странице.',
    502: BUSY,
    503: BUSY,
    504: BUSY,
  };
  const flash = () => document.getElementById('flash');
  let notice = null;
  const say = (words) => {
    notice = document.createElement('div');
    notice.className = 'notice bad';
    notice.append(Object.assign(document.createElement('p'), { textContent: words }));
    flash()?.replaceChildren(notice);
  };
  listen('htmx:error', ({ detail: { ctx, error } }) => {
    const source = ctx?.sourceElement;
    if (!source || byClock(source)) return;
    if (saveLater(source)) return;
    say(error === 'timeout' ? LATE : LINE);
    keepAll();
  });
  listen('htmx:response:error', ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (status >= 500 || status === 429) {
      if (saveLater(ctx.sourceElement)) return;
      keepAll();
    }
    const swapped = status === 422 && ctx.sourceElement.hasAttribute('hx-status:422');
    if (ctx.hx.redirect || swapped || /id="flash" hx-swap-oob/.test(ctx.text)) return;
    say(WORDS[status] ?? 'Не получилось. Введенное осталось на странице, обновите ее или попробуйте еще раз.');
  });
  listen('htmx:config:request', ({ detail: { ctx } }) => {
    if (byClock(ctx.sourceElement)) ctx.request.headers['X-Poll'] = '1';
  });
  listen('htmx:before:response', (event) => {
    const { ctx } = event.detail;
    const { status, headers } = ctx.response;
    if (byClock(ctx.sourceElement)) {
      // Nobody has asked, so nobody is told, but for the end of the session; what is refused is not asked for again.
      if (status === 401) ended = true;
      else if (status >= 400) {
        if (status < 500 && status !== 429) refused.add(ctx.sourceElement);
        event.preventDefault();
      }
    } else if (headers.get('X-Submit') === 'native' && !waitsFor(ctx.sourceElement, 'autosave')) {
      event.preventDefault();
      sendNatively(ctx);
    }
  });
  // The server cannot take this form from htmx any more, but has a page that carries what was typed.
  const sendNatively = ({ sourceElement, request }) => {
    const button = request.submitter ?? sourceElement.closest('button');
    const form = button?.form ?? sourceElement.closest('form');
    if (!form) return;
    if (button?.name) {
      form.append(Object.assign(document.createElement('input'), {
        type: 'hidden', name: button.name, value: button.value,
      }));
    }
    if (button?.hasAttribute('formaction')) form.action = button.formAction;
    HTMLFormElement.prototype.submit.call(form); // a field may be called «submit»
  };
  // Otherwise a refused request would change the address all the same.
  listen('htmx:before:history:update', (event) => {
    const status = event.detail.response?.status;
    if (status >= 400 || status === 204) event.preventDefault();
  });

  // A pressed button says so, and a second press does nothing.

  const labels = new Map();
  const press = (button) => {
    if (!button || labels.has(button)) return;
    labels.set(button, [...button.childNodes]);
    button.setAttribute('aria-busy', 'true');
    if (button.matches('.btn:not(.link)')) button.textContent = 'Отправляем…';
  };
  const release = (button) => {
    if (!labels.has(button)) return;
    button.replaceChildren(...labels.get(button));
    button.removeAttribute('aria-busy');
    labels.delete(button);
  };
  const buttonOf = ({ sourceElement, request }) => request.submitter ?? sourceElement.closest('button');
  const ignoreSecond = (event) => {
    if (!labels.has(event.submitter ?? event.target.closest?.('button'))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  listen('click', ignoreSecond, true);
  listen('submit', ignoreSecond, true);
  listen('submit', (event) => {
    // Not before the browser has taken the button's own name and value.
    const { target, submitter } = event;
    if (!event.defaultPrevented && target.method === 'post') setTimeout(press, 0, submitter);
  });
  listen('htmx:before:request', ({ detail: { ctx } }) => {
    saving(ctx.sourceElement, true);
    if (byClock(ctx.sourceElement)) return;
    if (!waitsFor(ctx.sourceElement, 'autosave')) flash()?.replaceChildren();
    flash()?.classList.add('stuck'); // the answer comes to somebody who may have scrolled away from the top
    if (ctx.request.method === 'POST') press(buttonOf(ctx));
  });
  listen('htmx:finally:request', ({ detail: { ctx } }) => {
    saving(ctx.sourceElement, false);
    if (!ctx.hx?.redirect) release(buttonOf(ctx));
  });
  addEventListener('pageshow', () => [...labels.keys()].forEach(release));

  // The dialog, and where the focus goes when what had it is gone.

  const dialog = () => document.getElementById('dialog');
  let opener = '';
  let focused = null;
  const focusOn = (place, preventScroll = true) => {
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll });
  };
  listen('htmx:before:swap', ({ detail: { ctx } }) => {
    const now = document.activeElement;
    focused = ctx.target?.contains(now) ? now.id || ' ' : null;
  });
  listen('htmx:after:swap', ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    reveal();
    if (waitsFor(ctx.sourceElement, 'autosave') && status < 300) notice?.remove(); // the line that was missed is there again
    if (waitsFor(ctx.sourceElement, 'poll') && status === 200) seen();
    if (ctx.target?.id === 'dialog-body') {
      if (status < 300 && status !== 204 && !dialog().open) {
        opener = document.activeElement?.id;
        dialog().prepend(flash()); // what stands behind a modal dialog is neither seen nor read out
        dialog().showModal();
      }
    } else if (focused && [null, document.body].includes(document.activeElement)) {
      const target = document.getElementById(ctx.target.id) ?? document.getElementById('main');
      focusOn(document.getElementById(focused) ?? target.querySelector('[data-focus]') ?? target);
    }
  });
  listen('dialog-close', () => dialog()?.close());
  listen('click', ({ target }) => {
    if (target.closest?.('[data-close]')) dialog().close();
  });
  listen('close', ({ target }) => {
    if (target.id !== 'dialog') return;
    document.getElementById('dialog-body').replaceChildren();
    document.getElementById('main').prepend(flash());
    // What opened the dialog may be gone with the act that was done in it.
    if ([null, document.body].includes(document.activeElement)) {
      const main = document.getElementById('main');
      focusOn(document.getElementById(opener) ?? main.querySelector('.next [data-focus]') ?? main, false);
    }
  }, true);

  // Text areas: Ctrl+Enter sends, the toolbar marks what is selected.

  listen('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.target.type !== 'textarea') return;
    const { form } = event.target;
    form?.requestSubmit([...form.elements].find((one) => one.type === 'submit'));
  });
  const reveal = () => all('[data-toolbar][hidden]').forEach((bar) => { bar.hidden = false; });
  reveal();
  listen('click', ({ target }) => {
    const mark = target.closest?.('[data-mark]')?.dataset.mark;
    const area = mark && document.getElementById(target.closest('[data-toolbar]').dataset.toolbar);
    if (!area) return;
    let { selectionStart: from, selectionEnd: to } = area;
    const list = mark === '- ';
    if (list) from = area.value.lastIndexOf('\n', from - 1) + 1;
    const chosen = area.value.slice(from, to);
    area.setRangeText(list ? chosen.replace(/^/gm, mark) : mark + chosen + mark, from, to, 'end');
    if (!list) area.setSelectionRange(from + mark.length, to + mark.length);
    area.focus();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

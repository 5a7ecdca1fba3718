// Signing by certificate: a thin layer over the object model of the plug-in (cadesplugin_api.js, given by the operator, comes after this file).
// The server computed the hashes; the plug-in signs them (CAdES-BES); keys never leave it. Whatever it answers is shown as text.
'use strict';
{
  window.cadesplugin_skip_extension_install = true; // the page shows its own window

  const PATIENCE = 8_000;
  const MOST = 100;
  // The algorithm of a key → CADESCOM's number of the hash, and which hash of the server's. Other keys (RSA) are not shown.
  const GOST = { '1.2.643.7.1.1.1.1': [101, 'gost256'], '1.2.643.7.1.1.1.2': [102, 'gost512'] };
  const [CURRENT_USER, MAXIMUM_ALLOWED, CADES_BES, CHAIN_WITHOUT_ROOT] = [2, 2, 1, 0];
  const REFUSED = /0x8010006E|0x000004C7|0x800704C7|отмен|cancel|denied|запрещ/i;
  const NAMES = {
    inn: ['ИНН', 'INN', '1.2.643.3.131.1.1'],
    legal: ['ИННЮЛ', 'ИНН ЮЛ', 'INNLE', '1.2.643.100.4'],
    ogrn: ['ОГРН', 'OGRN', '1.2.643.100.1'],
    trader: ['ОГРНИП', 'OGRNIP', '1.2.643.100.5'],
  };

  const part = (name) => document.getElementById(`plugin-${name}`);
  const form = part('form');
  const says = part('says');
  const retry = part('retry');
  const found = new Map(); // the value of a radio button → the certificate
  const say = (words) => { says.textContent = words; };
  const show = (name, on = true) => { part(name).hidden = !on; };
  const create = (name) => window.cadesplugin.CreateObjectAsync(`CAdESCOM.${name}`);

  const ready = async () => {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(reject, PATIENCE); });
    try {
      if (!window.cadesplugin) throw new Error('no script');
      await Promise.race([window.cadesplugin, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  // «CN="ООО ""Ромашка""", ОГРН=…» as names and values.
  const read = (subject) => {
    const facts = {};
    for (const [, name, value] of subject.matchAll(/(?:^|,)\s*([^=,"]+)=("(?:[^"]|"")*"|[^,]*)/g)) {
      const plain = value.trim().replace(/^"([^]*)"$/, '$1').replaceAll('""', '"');
      facts[name.trim().replace(/^OID\./i, '')] ??= plain;
    }
    return facts;
  };
  const one = (facts, names) => names.map((name) => facts[name]).find(Boolean);
  const day = (moment) => new Date(moment).toLocaleDateString('ru-RU', { day: '2-digit', month: '2-digit', year: 'numeric' });

  const describe = async (certificate) => {
    const algorithm = await (await (await certificate.PublicKey()).Algorithm).Value;
    if (!GOST[algorithm]) return null;
    const facts = read(await certificate.SubjectName);
    const [begin, end] = [await certificate.ValidFromDate, await certificate.ValidToDate];
    const now = Date.now();
    const numbers = [
      ['ИНН', one(facts, NAMES.legal) || one(facts, NAMES.inn)], ['ОГРН', one(facts, NAMES.ogrn)], ['ОГРНИП', one(facts, NAMES.trader)],
    ];
    const person = [facts.SN, facts.G || facts.GN].filter(Boolean).join(' ');
    const owner = facts.CN || facts.O || person || 'Владелец не указан';
    const state = new Date(end) < now ? 'срок действия кончился' : new Date(begin) > now ? 'еще не действует' : '';
    return {
      certificate, algorithm, state, owner: person && person !== owner ? `${owner}, ${person}` : owner,
      hint: [
        ...numbers.filter(([, value]) => value).map((pair) => pair.join(' ')),
        `действует с ${day(begin)} по ${day(end)}`,
      ].join(' · '),
    };
  };

  const certificates = async () => {
    const store = await create('Store');
    await store.Open(CURRENT_USER, 'My', MAXIMUM_ALLOWED);
    try {
      const all = await store.Certificates;
      const count = Math.min(await all.Count, MOST);
      const made = [];
      for (let place = 1; place <= count; place += 1) {
        // One that the plug-in cannot read must not hide the others.
        try { made.push(await describe(await all.Item(place))); } catch (error) { if (REFUSED.test(words(error))) throw error; }
      }
      return made.filter(Boolean).sort((a, b) => Number(Boolean(a.state)) - Number(Boolean(b.state)));
    } finally {
      await store.Close();
    }
  };

  const option = (facts, place) => {
    const row = document.createElement('div');
    row.className = 'opt';
    const radio = Object.assign(document.createElement('input'), {
      type: 'radio', name: 'certificate', id: `certificate-${place}`, value: String(place), disabled: Boolean(facts.state),
    });
    const label = Object.assign(document.createElement('label'), { htmlFor: radio.id, textContent: facts.owner });
    const hint = facts.state ? `${facts.hint} · ${facts.state}` : facts.hint;
    label.append(Object.assign(document.createElement('span'), { className: 'hint', textContent: hint }));
    row.append(radio, label);
    found.set(radio.value, facts);
    return row;
  };

  const sign = async ({ certificate, algorithm }, field) => {
    const [number, name] = GOST[algorithm];
    const signer = await create('CPSigner');
    await signer.propset_Certificate(certificate);
    await signer.propset_CheckCertificate(true);
    await signer.propset_Options(CHAIN_WITHOUT_ROOT);
    const hash = await create('HashedData');
    await hash.propset_Algorithm(number);
    await hash.SetHashValue(field.dataset[name].toUpperCase());
    return (await create('CadesSignedData')).SignHash(hash, signer, CADES_BES);
  };

  const words = (error) => {
    try { return String(window.cadesplugin.getLastError(error)); } catch { return String(error?.message ?? error); }
  };
  const explain = (error) => (REFUSED.test(words(error))
    ? 'Плагин не получил разрешения: вы ответили «Нет». Ничего не подписано и не отправлено. Ответьте «Да» в окне плагина, когда он спросит снова.'
    : `Плагин не смог выполнить действие, ничего не отправлено. Он ответил: ${words(error).slice(0, 300)}`);

  const choose = async () => {
    show('retry', false);
    say('Плагин спросит, можно ли этому сайту обратиться к вашим сертификатам. Ответьте «Да» в окне плагина.');
    try {
      const all = await certificates();
      const usable = all.filter((facts) => !facts.state);
      const rows = all.map(option);
      part('certificates').append(...rows);
      if (usable.length === 1) rows[0].querySelector('input').checked = true;
      show('form', all.length > 0);
      say(usable.length ? '' : 'Действующих сертификатов по ГОСТ на этом компьютере нет. Подключите носитель с ключом или подпишите без плагина.');
      show('retry', !all.length);
    } catch (error) {
      say(explain(error));
      show('retry');
    }
  };

  const send = async (event) => {
    event.preventDefault();
    const facts = found.get(new FormData(form).get('certificate'));
    if (!facts) {
      say('Выберите сертификат.');
      form.querySelector('[name=certificate]:enabled')?.focus();
      return;
    }
    const button = form.querySelector('[type=submit]');
    if (button.disabled) return;
    button.disabled = true;
    const fields = [...form.querySelectorAll('[data-gost256]')];
    try {
      for (const [place, field] of fields.entries()) {
        say(`Подписываем ${place + 1} из ${fields.length}: ${field.dataset.title}. Ответьте «Да» в окне плагина, если он спросит.`);
        field.value = await sign(facts, field);
      }
      say('Подписано, отправляем и проверяем…');
      form.submit();
    } catch (error) {
      for (const field of fields) field.value = '';
      button.disabled = false;
      say(explain(error));
    }
  };

  const begin = async () => {
    say(says.dataset.wait);
    try {
      await ready();
    } catch {
      say('');
      show('missing');
      if (document.activeElement === document.body) part('missing').focus();
      return;
    }
    await choose();
  };

  // This file runs before the plug-in's script: both are deferred, so the page is whole and both have run by then.
  form.addEventListener('submit', send);
  retry.addEventListener('click', choose);
  addEventListener('DOMContentLoaded', begin);
  // Back from the next page: what was signed then is not sent again.
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
}

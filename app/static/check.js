// «Проверка подписи»: the file's SHA-256 is computed here, so the file itself stays with its owner. Without this the form sends it.
"use strict";

const form = document.getElementById("check-file");
const field = document.getElementById("f-file");

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

form.addEventListener("submit", async (event) => {
  const file = field.files[0];
  if (!file || !window.crypto || !crypto.subtle) return;
  event.preventDefault();
  const pressed = event.submitter;
  if (pressed) pressed.disabled = true;
  try {
    const digest = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    location.assign(`${form.getAttribute("action")}?sha256=${digest}`);
  } catch {
    // Too large for the browser's memory, or gone from the disk: let the server say so.
    form.submit();
  } finally {
    if (pressed) pressed.disabled = false;
  }
});

// The check of an unpacked folder: SHA-256 of each chosen file against sums.js. No network: the page's policy forbids it.
"use strict";

// These tell of all the others and cannot tell of themselves.
const OWN = new Set(["index.html", "manifest.json", "SHA256SUMS", "sums.js"]);
const chosen = document.getElementById("files");
const result = document.getElementById("result");

const say = (words, tone) => {
  const line = document.createElement("p");
  line.className = tone;
  line.textContent = words;
  result.append(line);
};

const digest = async (file) => {
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// The browser gives paths with the name of the chosen folder before them.
const known = (file) => {
  const path = file.webkitRelativePath || file.name;
  return Object.keys(window.FILES).find((name) => path === name || path.endsWith(`/${name}`) &&
    (path.split("/").length === name.split("/").length + 1));
};

chosen.addEventListener("change", async () => {
  result.textContent = "";
  if (!window.crypto || !crypto.subtle) {
    say("Этот браузер не умеет вычислять контрольные суммы для файлов с диска. Проверьте командами из check.txt.", "bad");
    return;
  }
  const left = new Set(Object.keys(window.FILES));
  let right = 0;
  let wrong = 0;
  let added = 0;
  for (const file of chosen.files) {
    const name = known(file);
    if (!name) {
      if (!OWN.has(file.name)) {
        added += 1;
        say(`Лишний файл, в папке дела его не было: ${file.webkitRelativePath || file.name}`, "bad");
      }
      continue;
    }
    left.delete(name);
    if (await digest(file) === window.FILES[name]) {
      right += 1;
    } else {
      wrong += 1;
      say(`Изменен: ${name}`, "bad");
    }
  }
  for (const name of left) say(`Нет файла: ${name}`, "bad");
  if (!wrong && !left.size && !added) say(`Все файлы на месте и не изменены: ${right}.`, "ok");
  else say(`Совпало файлов: ${right}, изменено: ${wrong}, не хватает: ${left.size}, лишних: ${added}.`, "bad");
});

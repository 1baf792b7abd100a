// Files that are dropped: checked by the server, then deployed; both show what the server says.
import { BASE, follow, quoted, refusal, toast, tokenHeaders } from "./calls.js";
import { showFailure } from "./sending.js";

function filesForm(files) {
  const data = new FormData();
  const used = new Map();
  for (const file of files) {
    // two files of one name would be one part
    const number = (used.get(file.name) ?? 0) + 1;
    used.set(file.name, number);
    data.append(number === 1 ? file.name : `${number}-${file.name}`, file, number === 1 ? file.name : `${number}-${file.name}`);
  }
  return data;
}

function fieldsOf(form) {
  const found = [];
  for (const input of form.querySelectorAll("[data-part-name]")) {
    const value = input.type === "checkbox" ? (input.checked ? "true" : "") : input.value.trim();
    if (value) found.push([input.dataset.partName, value]);
  }
  return found;
}

function curl(form, files) {
  const words = ["curl", "-X", "POST", quoted(`${location.origin}${BASE}/deployment/create`)];
  if (document.querySelector(".who .user")) words.splice(1, 0, "-u", "USER");
  for (const [name, value] of fieldsOf(form)) words.push("--form-string", quoted(`${name}=${value}`));
  for (const file of files) words.push("-F", quoted(`data=@${file.name}`));
  return words.join(" ");
}

async function post(path, data) {
  const answer = await fetch(path, { method: "POST", body: data, headers: tokenHeaders() });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

// What the server says of the files, as text that it has escaped; scripts in it would not run.
async function check(form, files) {
  const place = form.querySelector("#checked");
  place.textContent = "Checking…";
  try {
    const html = await (await post(form.dataset.check, filesForm(files))).text();
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  } catch (error) {
    place.textContent = "";
    showFailure(form, error);
  }
}

function offer(form) {
  const input = form.querySelector("#files");
  const drop = form.querySelector("[data-drop]");
  const button = form.querySelector("button[type=submit]");
  let files = [];
  const show = () => {
    form.querySelector(".curl code").textContent = curl(form, files);
    if (button) button.disabled = files.length === 0;
  };
  const take = (list) => {
    files = [...list].slice(0, Number(form.dataset.most));
    form.querySelector("[role=alert]").hidden = true;
    show();
    if (files.length) check(form, files);
  };
  input.addEventListener("change", () => take(input.files));
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  form.addEventListener("input", show);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!button) return; // the user may not: the form says why
    form.querySelector("[role=alert]").hidden = true;
    button.disabled = true;
    try {
      const data = filesForm(files);
      for (const [name, value] of fieldsOf(form)) data.append(name, value);
      const answer = await (await post(`${BASE}/deployment/create`, data)).json();
      toast("The files are deployed.");
      follow(form.dataset.then, answer);
    } catch (error) {
      showFailure(form, error);
    } finally {
      button.disabled = files.length === 0;
    }
  });
  show();
}

export function offerDeployments(part) {
  for (const form of part.querySelectorAll("form[data-deploys]")) offer(form);
}

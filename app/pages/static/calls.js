// From a form to a call of the API, its text for curl, and what the server answers.

export const BASE = document.querySelector('meta[name="api"]')?.content ?? "/engine-rest";
const token = document.querySelector('meta[name="csrf"]')?.content ?? "";
const NUMBERS = new Set(["Integer", "Short", "Long", "Double"]);

// A long number stays a text, or the browser would round it.
function numberOf(text) {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) || String(value) !== text.trim() ? text : value;
}

export function typedValue(type, text) {
  if (type === "Null") return { value: null, type };
  if (type === "Boolean") return { value: text.trim().toLowerCase() === "true", type };
  if (NUMBERS.has(type)) return { value: numberOf(text), type };
  return { value: text, type };
}

// Passwords are sent, and never shown in the text of a call.
function valueOf(input, isShown) {
  if (isShown && input.type === "password") return "PASSWORD";
  const kind = input.dataset.as;
  if (input.type === "checkbox") return input.checked;
  if (kind === "number") return numberOf(input.value);
  if (kind === "json") return JSON.parse(input.value);
  return input.value;
}

function put(body, path, value) {
  let here = body;
  for (const name of path.slice(0, -1)) here = here[name] ??= {};
  const last = path[path.length - 1];
  if (last === "*") Object.assign(here, value);
  else here[last] = value;
}

// A part of the path or the body that has the text of a field in place of a name.
function named(text, form, write = (value) => value) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const input = form.querySelector(`[data-name="${name}"]`);
    return input ? write(input.value) : whole;
  });
}

function addField(call, input, form, isShown) {
  const path = JSON.parse(input.dataset.at);
  const condition = input.dataset.if && form.querySelector(`[data-name="${input.dataset.if}"]`);
  if (input.disabled || (condition && condition.value === "")) return;
  if (input.value === "" && !condition && input.type !== "checkbox" && !("keep" in input.dataset)) return;
  if (input.dataset.as === "typed") {
    const type = form.querySelector(`[data-type-of="${CSS.escape(input.id)}"]`)?.value ?? input.dataset.type;
    const names = path.map((name) => named(name, form));
    put((call.body ??= {}), [...names, "*"], typedValue(type, input.type === "checkbox" ? String(input.checked) : input.value));
    return;
  }
  if (path[0] === "query") call.query.set(path[1], String(valueOf(input, isShown)));
  else put((call.body ??= {}), path, valueOf(input, isShown));
}

// The call that a form stands for, as it is filled in now.
export function callOf(form, isShown = false) {
  const { method, path, body } = form.dataset;
  const call = { method, path: named(path, form, encodeURIComponent), body: body ? JSON.parse(body) : null, query: new URLSearchParams() };
  for (const input of form.querySelectorAll("[data-at]")) addField(call, input, form, isShown);
  form.dispatchEvent(new CustomEvent("call", { detail: call }));
  const query = call.query.toString();
  if (query) call.path += (call.path.includes("?") ? "&" : "?") + query;
  return call;
}

export function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function curlOf(call) {
  const words = ["curl", "-X", call.method, quoted(location.origin + BASE + call.path)];
  if (call.body !== null) {
    words.push("-H", quoted("Content-Type: application/json"), "-d", quoted(JSON.stringify(call.body)));
  }
  if (document.querySelector(".who .user")) words.splice(1, 0, "-u", "USER");
  return words.join(" ");
}

// The server's own words about a failure.
export class Refused extends Error {
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export async function refusal(answer) {
  const text = await answer.text();
  try {
    const { type, message } = JSON.parse(text);
    return new Refused(answer.status, type, message || "The server gives no reason.");
  } catch {
    const words = answer.status === 401 ? "You are no longer logged in." : text.slice(0, 500);
    return new Refused(answer.status, answer.statusText || "Error", words || "The server gives no reason.");
  }
}

export function tokenHeaders() {
  return token ? { "X-CSRF-Token": token } : {};
}

export async function send(call) {
  const headers = { Accept: "application/json", ...tokenHeaders() };
  const options = { method: call.method, headers };
  if (call.body !== null) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(call.body);
  }
  const answer = await fetch(BASE + call.path, options);
  if (!answer.ok) throw await refusal(answer);
  const text = answer.status === 204 ? "" : await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return text;
  }
}

export function toast(text) {
  const place = document.querySelector(".toasts");
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.textContent = text;
  place?.append(shown);
  setTimeout(() => shown.remove(), 6000);
}

// Where an act leads to; names in braces are fields of the answer.
export function follow(then, answer) {
  location.assign(then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(answer?.[name] ?? "")));
}

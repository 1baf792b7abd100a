// Acts: a dialog that says what will happen, asks for what is needed, and shows the call.
import { toast } from "./calls.js";
import { element } from "./elements.js";
import { formParts } from "./forms.js";
import { submitting, showCall } from "./sending.js";
import { refresh } from "./live.js";

const FINAL = "I know that this cannot be undone.";

function sureness(act) {
  if (!act.is_final) return [];
  const box = element("input", { type: "checkbox", required: true, id: "act-sure" });
  return [element("p", { class: "sure" }, element("label", { for: "act-sure" }, box, " ", FINAL))];
}

function formOf(act) {
  const form = element("form", {
    "data-method": act.method,
    "data-path": act.path,
    "data-body": act.body === null ? null : JSON.stringify(act.body),
    "data-then": act.then,
    "data-done": act.done,
  });
  form.append(
    element("h2", { id: "act-title" }, act.title),
    element("p", { class: "says" }, act.says),
    ...act.fields.flatMap((field, index) => formParts(field, `act-${index}`)),
    ...sureness(act),
    element("details", { class: "curl" }, element("summary", {}, "The call of the API"), element("pre", { tabindex: "0" }, element("code", {}))),
    element("div", { class: "alert error", role: "alert", hidden: true }),
    element(
      "p",
      { class: "buttons" },
      element("button", { type: "button", value: "cancel", "data-closes": true }, "Close"),
      element("button", { type: "submit", class: act.is_final ? "danger" : "primary" }, act.confirm || act.label),
    ),
  );
  return form;
}

function open(act, opener) {
  const form = formOf(act);
  const dialog = element("dialog", { "aria-labelledby": "act-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener.isConnected) opener.focus();
  });
  form.querySelector("[data-closes]").addEventListener("click", () => dialog.close());
  showCall(form);
  submitting(form, () => {
    dialog.close();
    return refresh();
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = form.querySelector("input:not([type=checkbox]), select, textarea");
  if (first) first.focus();
}

export function offerActs(part) {
  part.addEventListener("click", (event) => {
    const opener = event.target.closest("button[data-act]");
    if (opener) open(JSON.parse(opener.dataset.act), opener);
    const refused = event.target.closest("button[data-refusal]");
    if (refused) toast(`You may not do this. ${refused.dataset.refusal}`);
  });
}

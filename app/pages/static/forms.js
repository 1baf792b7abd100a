// Fields of forms, those that an act asks for and those that a view has.
import { element } from "./elements.js";
import { showCall, submitting } from "./sending.js";
import { refresh } from "./live.js";

const TYPES = ["String", "Boolean", "Integer", "Long", "Double", "Date", "Json", "Xml", "Object", "Null"];

function control(field, id) {
  const isPlaced = field.at.length > 0 || field.kind === "typed";
  const shared = { id, "data-at": isPlaced ? JSON.stringify(field.at) : null, required: field.is_required };
  if (field.hint) shared["aria-describedby"] = `${id}-hint`;
  if (field.kind === "choice") {
    const options = field.options.map(([value, label]) =>
      element("option", { value, selected: value === String(field.value) }, label));
    return element("select", shared, ...options);
  }
  if (field.kind === "flag") {
    return element("input", { ...shared, type: "checkbox", checked: Boolean(field.value) });
  }
  if (field.kind === "area" || field.kind === "typed" || field.kind === "json") {
    const as = field.kind === "area" ? null : field.kind;
    const area = element("textarea", { ...shared, rows: field.kind === "typed" ? 3 : 5, "data-as": as, "data-keep": field.kind === "typed", spellcheck: "false" });
    area.value = field.value ?? "";
    return area;
  }
  const made = element("input", { ...shared, type: ["number", "password"].includes(field.kind) ? field.kind : "text", autocomplete: field.kind === "password" ? "new-password" : null, "data-as": field.kind === "number" ? "number" : null });
  if (field.name) made.dataset.name = field.name;
  made.value = field.value ?? "";
  return made;
}

function typeChoice(field, id) {
  const known = TYPES.includes(field.type) ? TYPES : [field.type, ...TYPES];
  const options = known.map((type) => element("option", { selected: type === field.type }, type));
  return element("p", { class: "field" },
    element("label", { for: `${id}-type` }, "Type"),
    element("select", { id: `${id}-type`, "data-type-of": id }, ...options));
}

export function formParts(field, id) {
  const label = element("label", { for: id }, field.label);
  const input = control(field, id);
  const hint = field.hint ? [element("small", { id: `${id}-hint` }, field.hint)] : [];
  const whole = element("p", { class: field.kind === "flag" ? "field flag" : "field" });
  if (field.kind === "flag") whole.append(input, " ", label, ...hint);
  else whole.append(label, input, ...hint);
  return field.kind === "typed" ? [typeChoice(field, id), whole] : [whole];
}

// Forms that stand in a view; what was changed in them is kept when the view is refreshed.
export function offerForms(part) {
  for (const form of part.querySelectorAll("form[data-method]")) {
    showCall(form);
    submitting(form, () => {
      form.removeAttribute("data-changed");
      return refresh();
    });
    form.addEventListener("input", () => form.setAttribute("data-changed", ""), { once: true });
  }
  for (const form of part.querySelectorAll("form[data-filters]")) {
    form.addEventListener("submit", () => {
      for (const input of form.elements) if (input.name && input.value === "" && !("keep" in input.dataset)) input.disabled = true;
    });
  }
}

// Sends what a form stands for, and shows in the form what came of it.
import { callOf, curlOf, follow, send, toast } from "./calls.js";

export function showCall(form) {
  const code = form.querySelector(".curl code");
  if (!code) return;
  const show = () => {
    try {
      code.textContent = curlOf(callOf(form, true));
    } catch (error) {
      code.textContent = error.message;
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}

export function showFailure(form, error) {
  const place = form.querySelector("[role=alert]");
  place.hidden = false;
  const type = document.createElement("strong");
  type.textContent = error.type ? `${error.type} (${error.status})` : "It was not sent.";
  const words = document.createElement("bdi");
  words.textContent = error.message;
  place.replaceChildren(type, " ", words);
  place.scrollIntoView({ block: "nearest" });
}

export function submitting(form, done) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (!button) return; // the user may not: the form says why
    button.disabled = true;
    form.querySelector("[role=alert]").hidden = true;
    try {
      const answer = await send(callOf(form));
      toast(form.dataset.done || "Done.");
      if (form.dataset.then) follow(form.dataset.then, answer);
      else await done(answer);
    } catch (error) {
      showFailure(form, error);
    } finally {
      button.disabled = false;
    }
  });
}

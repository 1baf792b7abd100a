// What every view of the page needs; each module does nothing where a view has no use for it.
import { showTimes } from "./times.js";
import { offerActs } from "./acts.js";
import { partsOf, watch } from "./live.js";
import { offerForms } from "./forms.js";
import { offerDeployments } from "./deploy.js";
import { makeScrollable, showCurrent } from "./scrolling.js";

const main = document.querySelector("main");

function prepare(part) {
  showTimes(part);
  offerForms(part);
  offerDeployments(part);
  makeScrollable(part);
}

const parts = main ? partsOf(document) : new Map(); // before anything is shown otherwise
offerActs(document);
prepare(document);
showCurrent();
if (main) watch(main, parts, prepare);

// What every view of the page needs; each module does nothing where a view has no use for it.
import { showTimes } from "./times.js";
import { offerActs } from "./acts.js";
import { watch } from "./live.js";
import { offerForms } from "./forms.js";
import { offerDeployments } from "./deploy.js";

const main = document.querySelector("main");

function prepare(part) {
  showTimes(part);
  offerForms(part);
  offerDeployments(part);
}

offerActs(document);
prepare(document);
if (main) watch(main, prepare);

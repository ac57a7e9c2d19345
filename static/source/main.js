// Every page works without this script; it only makes some parts more comfortable.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";
import "htmx.org/dist/htmx.esm.js";

const components = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
];

function start(scope) {
  for (const component of components) {
    createAll(component, undefined, scope);
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
start(document);

// A part that was swapped in later gets the same comforts.
document.body.addEventListener("htmx:afterSwap", (event) => start(event.detail.target));

// Leave at once: what stands here is wiped first, and the Back button does not lead to this page again.
const LEAVE_KEY = "Escape";
const LEAVE_PRESSES = 3;
const LEAVE_WITHIN = 2000; // milliseconds between two presses
const way = document.querySelector("[data-leave]");

function leave(event) {
  event.preventDefault();
  document.title = "\u200b";
  document.body.replaceChildren();
  window.location.replace(way.href);
}

if (way) {
  let presses = 0;
  let last = 0;
  way.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.repeat) {
      return;
    }
    presses = event.key === LEAVE_KEY ? (event.timeStamp - last < LEAVE_WITHIN ? presses + 1 : 1) : 0;
    last = event.timeStamp;
    if (presses >= LEAVE_PRESSES) {
      leave(event);
    }
  });
  document.querySelectorAll("[data-leave-hint]").forEach((hint) => (hint.hidden = false));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

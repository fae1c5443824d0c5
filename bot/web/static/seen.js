/** “Opened” in the sense of docs/rules.md J: a message stood in view on a visible screen. */

import { on, tell } from "./bus.js";
import { change } from "./device.js";
import { keyOf } from "./shown.js";
import { Failed, post } from "./wire.js";

const GATHER = 400; // ms: what is scrolled past together is told together

const waiting = new Map(); // id -> element, not seen yet
let seen = new Set(); // ids, not told yet
let timer = 0;

const enough = (entry) =>
  entry.intersectionRatio >= 0.5 || (entry.rootBounds && entry.intersectionRect.height >= entry.rootBounds.height / 2);

const observer = new IntersectionObserver(
  (entries) => {
    if (document.visibilityState !== "visible") return;
    entries.filter((entry) => entry.isIntersecting && enough(entry)).forEach((entry) => note(entry.target));
  },
  { threshold: [0, 0.25, 0.5, 0.75, 1] },
);

/** Watches a message until it has been seen. */
export function watch(element, id) {
  element.dataset.id = String(id);
  waiting.set(id, element);
  observer.observe(element);
}

function note(element) {
  const id = Number(element.dataset.id);
  observer.unobserve(element);
  if (!waiting.delete(id)) return;
  tell("saw", id);
  seen.add(id);
  timer = timer || setTimeout(report, GATHER);
}

async function report() {
  timer = 0;
  const ids = [...seen];
  if (!ids.length) return;
  seen = new Set();
  try {
    await post("/api/seen", { ids });
    await Promise.all(ids.map((id) => change("shown", keyOf({ id }), { seen: true })));
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    if (error.passes) ids.forEach((id) => seen.add(id)); // when the line stands again
  }
}

on("line", ({ up }) => up && report());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  waiting.forEach((element) => {
    observer.unobserve(element); // so that it is measured anew
    observer.observe(element);
  });
});

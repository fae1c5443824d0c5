/** The conversation on the screen: a row for each message, buttons that die when something newer has come. */

import { on, tellHere } from "./bus.js";
import { add, takeBack } from "./pending.js";
import { watch } from "./seen.js";
import { forgetSecret, hold, letGo } from "./shown.js";
import { serverNow } from "./wire.js";
import { PHONES, when, WORDS } from "./words.js";

const log = document.getElementById("log");
const rows = new Map(); // key -> {row, element}
let lineUp = true;
let unread = 0; // messages that came while nobody looked

/** A small way to make elements; text is always text, never markup. */
export function make(tag, fields = {}, ...children) {
  const element = document.createElement(tag);
  Object.entries(fields).forEach(([name, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  });
  element.append(...children.filter(Boolean));
  return element;
}

/** Shows what was here before, without reading it all aloud. */
export function restore(all) {
  all.forEach(place);
  quieten();
  if (all.length) toEnd();
  log.setAttribute("aria-busy", "false");
}

export function clear() {
  [...rows.keys()].forEach(take);
}

/** Whether the newest is in view, so that the newer should be too. */
export const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

export function toEnd() {
  log.scrollTop = log.scrollHeight;
}

/** A new message, or a message of mine that has got further. */
function show(row) {
  const follow = atEnd() || row.mine;
  const element = place(row);
  if (!element) return;
  quieten();
  if (follow && element.offsetHeight > log.clientHeight) element.scrollIntoView({ block: "start" });
  else if (follow) toEnd();
  if (!row.mine && document.visibilityState !== "visible") document.title = WORDS.unread(++unread);
}

/** Puts a row where it belongs; gives its element when it is new. */
function place(row) {
  const before = rows.get(row.key);
  if (before && row.mine) {
    setState(before.element, row);
    rows.set(row.key, { row, element: before.element });
  }
  if (before) return null;
  const element = row.mine ? mineElement(row) : botElement(row);
  log.insertBefore(element, firstAfter(row.order));
  rows.set(row.key, { row, element });
  if (row.secret) hold(row);
  if (row.mine) setState(element, row);
  else if (!row.seen) watch(element, row.mail.id);
  return element;
}

export function take(key) {
  forgetSecret(key);
  if (!rows.has(key)) return;
  rows.get(key).element.remove();
  rows.delete(key);
}

/** The element before which a message of this place in the list belongs; null: at the end. */
function firstAfter(order) {
  const later = [...rows.values()].filter(({ row }) => row.order > order);
  if (!later.length) return null;
  return later.reduce((one, other) => (one.row.order < other.row.order ? one : other)).element;
}

function mineElement(row) {
  return make(
    "article",
    { className: "row mine" },
    make("span", { className: "unseen" }, WORDS.me),
    ...contents(row),
    make(
      "p",
      { className: "meta" },
      make("time", { dateTime: row.said_at }, when(new Date(row.said_at), serverNow())),
      make("span", { className: "state" }),
    ),
    make("div", { className: "foot" }),
  );
}

/** What became of my message, changed in place: the words are not read aloud a second time. */
function setState(element, row) {
  const open = row.state !== "sent";
  element.classList.toggle("open", open);
  element.querySelector(".state").textContent = WORDS.state[row.state === "waiting" && lineUp ? "sending" : row.state];
  const foot = [
    row.why && make("p", { className: "why" }, row.why),
    open && row.state === "refused" && row.text && button(WORDS.again, () => writeAgain(row)),
    open && !(row.state === "waiting" && lineUp) && button(WORDS.withdraw, () => takeBack(row.key)),
  ];
  element.querySelector(".foot").replaceChildren(...foot.filter(Boolean));
}

const button = (label, onclick, className = "") => make("button", { type: "button", className, onclick }, label);

function contents(row) {
  const words = row.press || row.text;
  const parts = [];
  if (row.kind === "photo" && row.file) parts.push(picture(row.file));
  else if (row.kind) parts.push(make("p", { className: "text" }, `[${WORDS[row.kind]}]`));
  if (row.place) parts.push(make("p", { className: "text" }, `[${WORDS.place}]`));
  if (words) parts.push(make("p", { className: "text" }, words));
  return parts;
}

function picture(file) {
  const source = URL.createObjectURL(file);
  return make("img", { src: source, alt: WORDS.photo, onload: () => URL.revokeObjectURL(source) });
}

async function writeAgain(row) {
  if (await takeBack(row.key)) tellHere("rewrite", row.text);
}

function botElement(row) {
  const { mail } = row;
  const choices = mail.buttons.map((label, place) => button(label, (event) => press(row, pressOf(mail, place), event), "choice"));
  return make(
    "article",
    { className: "row bot" },
    make("span", { className: "unseen" }, WORDS.bot),
    make("p", { className: "text" }, ...withPhones(mail.text || "")),
    ...(mail.media || []).map(medium),
    make(
      "p",
      { className: "meta" },
      make("time", { dateTime: mail.at }, when(new Date(mail.at), serverNow())),
      mail.late && make("span", { className: "state" }, WORDS.late),
    ),
    choices.length && make("div", { className: "choices", role: "group", "aria-label": WORDS.choices }, ...choices),
    row.secret && make("p", { className: "why" }, WORDS.notedHint),
    row.secret && button(WORDS.noted, () => letGo(row.key), "noted"),
  );
}

const withPhones = (text) =>
  text.split(/(\d+)/).map((part) => (PHONES.has(part) ? make("a", { href: `tel:${part}` }, part) : part));

function medium({ id, kind }) {
  const source = `/media/${id.replace(/[^\w/-]/g, "")}`;
  if (kind === "voice") return make("audio", { src: source, controls: true, preload: "none", "aria-label": WORDS.voice });
  return make("a", { href: source, target: "_blank", rel: "noopener" },
    make("img", { src: source, loading: "lazy", alt: WORDS.openPhoto }));
}

/** What a button says to the server: a desk's word together with the receipt of its case. */
const pressOf = (mail, place) => (mail.presses || mail.buttons)[place];

async function press(row, label, event) {
  const choices = event.currentTarget.parentElement.querySelectorAll("button");
  choices.forEach((one) => (one.disabled = true)); // a second tap of the same finger is not a second press
  if (event.detail === 0) document.getElementById("say").focus(); // came by keyboard: the focus must not be lost
  try {
    await add({ press: label, on: row.mail.id });
  } catch (error) {
    choices.forEach((one) => (one.disabled = false));
    tellHere("trouble", WORDS.storageFailed);
    throw error;
  }
}

/** Old buttons go dead: one of the message was pressed, or something newer has come in their place. */
function quieten() {
  const all = [...rows.values()].sort((one, other) => one.row.order - other.row.order);
  all.forEach(({ row, element }, place) => {
    if (row.mine || !row.mail.buttons.length) return;
    const later = all.slice(place + 1).map((one) => one.row);
    element.querySelectorAll(".choice").forEach((one, number) => {
      one.disabled = later.some((other) => (other.mine ? pressedOn(other, row) : replaces(other, row, number)));
    });
  });
}

const pressedOn = (mine, row) => mine.on === row.mail.id && mine.state !== "refused";

/** On the same case; or the same press, which would go to the newer; or, of a question in the talk, a new turn of it. */
function replaces(later, row, number) {
  const press = pressOf(row.mail, number);
  if (row.about && later.about === row.about) return true;
  if ((later.mail.presses || later.mail.buttons).includes(press)) return true;
  const question = row.mail.kind !== "notice" && press === row.mail.buttons[number];
  return question && later.mail.answers !== null;
}

on("row", show);
on("gone", (keys) => {
  keys.forEach(take);
  quieten();
});
on("line", ({ up }) => {
  if (up === lineUp) return;
  lineUp = up;
  rows.forEach(({ row, element }) => row.mine && setState(element, row));
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  unread = 0;
  document.title = WORDS.title;
});

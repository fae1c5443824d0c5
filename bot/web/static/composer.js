/** Where one writes: the field that grows, what is to be sent with it, and the words that survive a reload. */

import { on, tellHere } from "./bus.js";
import { canRecord, record, shrink, whereabouts } from "./capture.js";
import { add } from "./pending.js";
import { LEFT_BEHIND } from "./session.js";
import { make } from "./view.js";
import { WORDS } from "./words.js";

const DRAFT = "jishiyu.draft"; // sessionStorage: this tab's, and gone with it

const form = document.getElementById("compose");
const field = document.getElementById("say");
const list = document.getElementById("attached");
const voice = document.getElementById("voice");
const photo = document.getElementById("photo-file");

let attached = []; // {kind: photo|voice, file} or {kind: place, place}
let recording = null;

/** Puts words into the field, to be looked at before they are sent. */
export function write(text) {
  field.value = text;
  grow();
  keepDraft();
  field.focus();
}

/** Forgets what stands in the field. */
export function clearDraft() {
  field.value = "";
  sessionStorage.removeItem(DRAFT);
  attached = [];
  showAttached();
  grow();
}

/** Words of before a reload; older ones may be another person's, as may what stands in the field still. */
export function restoreDraft() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
  if (draft && Date.now() - draft.at > LEFT_BEHIND * 60000) clearDraft();
  else if (draft && !field.value) field.value = draft.text;
  grow();
}

function keepDraft() {
  if (field.value) sessionStorage.setItem(DRAFT, JSON.stringify({ text: field.value, at: Date.now() }));
  else sessionStorage.removeItem(DRAFT);
}

/** As high as what is written in it. */
export function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** One message for the words, with the place and the first file; one more for each further file. */
async function send() {
  const text = field.value.trim();
  const files = attached.filter((one) => one.file);
  const place = (attached.find((one) => one.place) || { place: null }).place;
  if (!text && !files.length && !place) {
    field.focus();
    return;
  }
  clearDraft();
  try {
    await add({ text: text || null, place, ...files[0] });
    for (const file of files.slice(1)) await add(file);
  } catch (error) {
    write(text);
    tellHere("trouble", WORDS.storageFailed);
    throw error;
  }
}

function showAttached() {
  list.hidden = !attached.length;
  list.replaceChildren(
    ...attached.map((one) => {
      const drop = () => {
        attached = attached.filter((other) => other !== one);
        showAttached();
        field.focus();
      };
      const label = `${WORDS.remove}${WORDS[one.kind]}`;
      return make("li", {}, look(one), make("button", { type: "button", "aria-label": label, onclick: drop }, WORDS.remove));
    }),
  );
}

function look(one) {
  if (one.kind === "place") return make("span", {}, WORDS.place);
  const src = URL.createObjectURL(one.file);
  if (one.kind === "voice") return make("audio", { src, controls: true, "aria-label": WORDS.voice });
  return make("img", { src, alt: WORDS.attachedPhoto, onload: () => URL.revokeObjectURL(src) });
}

function attach(one) {
  attached = [...attached.filter((other) => one.kind !== "place" || other.kind !== "place"), one];
  showAttached();
}

async function attachPhoto() {
  const file = photo.files[0];
  photo.value = "";
  if (!file) return;
  try {
    attach({ kind: "photo", file: await shrink(file) });
  } catch {
    tellHere("trouble", WORDS.photoFailed);
  }
}

async function toggleVoice() {
  if (recording) {
    recording.stop();
    return;
  }
  try {
    recording = await record((seconds) => (voice.textContent = WORDS.voiceStop(seconds)));
  } catch {
    tellHere("trouble", WORDS.voiceFailed);
    return;
  }
  voice.setAttribute("aria-pressed", "true");
  voice.textContent = WORDS.voiceStop(0);
  const file = await recording.done;
  recording = null;
  voice.setAttribute("aria-pressed", "false");
  voice.textContent = WORDS.voice;
  if (file.size) attach({ kind: "voice", file });
}

async function attachPlace() {
  tellHere("trouble", WORDS.placeSearching);
  try {
    attach({ kind: "place", place: await whereabouts() });
    tellHere("trouble", "");
  } catch {
    tellHere("trouble", WORDS.placeFailed);
  }
}

/** Enter sends where there is a real keyboard; on a phone it is a new line. Not while pinyin is being chosen. */
const sends = (event) =>
  event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && matchMedia("(pointer: fine)").matches;

export function start() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  field.addEventListener("input", () => {
    grow();
    keepDraft();
  });
  field.addEventListener("keydown", (event) => {
    if (!sends(event)) return;
    event.preventDefault();
    send();
  });
  document.getElementById("photo").addEventListener("click", () => photo.click());
  photo.addEventListener("change", attachPhoto);
  voice.addEventListener("click", toggleVoice);
  voice.hidden = !canRecord();
  document.getElementById("place").addEventListener("click", attachPlace);
  on("rewrite", write);
  restoreDraft();
}

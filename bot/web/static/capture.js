/** Photos, voice and place: each only on a tap, and nothing in them that was not meant to be sent. */

const LONGEST_SIDE = 1600; // pixels: a prescription stays readable, a photo is about 300 KB
const QUALITY = 0.82;
const LONGEST_VOICE = 180; // seconds
const VOICE_BITS = 24000; // a second; speech, on a bad line
const VOICE_KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** A photo drawn anew, smaller: what the camera wrote into the file (place, time, device) is not in the drawing. */
export async function shrink(file) {
  const drawn = await decode(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // JPEG knows no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/jpeg", QUALITY);
  });
}

async function decode(file) {
  if ("createImageBitmap" in window) return createImageBitmap(file, { imageOrientation: "from-image" });
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  URL.revokeObjectURL(image.src);
  return image;
}

export const canRecord = () => Boolean(navigator.mediaDevices && window.MediaRecorder);

/**
 * Records until `stop` is called, at most three minutes; `each` is told the seconds.
 * @returns {Promise<{stop: function(): void, done: Promise<Blob>}>} rejects when the microphone is not given
 */
export async function record(each) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = VOICE_KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: VOICE_BITS });
  const parts = [];
  const began = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    each(seconds);
    if (seconds >= LONGEST_VOICE) stop();
  }, 500);
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  const done = new Promise((resolve) => {
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      resolve(new Blob(parts, { type: (recorder.mimeType || "audio/webm").split(";")[0] }));
    };
  });
  recorder.start(1000);
  return { stop, done };
}

/** Where the device is, to about a metre. Rejects when it is not told. */
export function whereabouts() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) reject(new Error("no geolocation"));
    else
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ lat: Number(coords.latitude.toFixed(5)), lon: Number(coords.longitude.toFixed(5)) }),
        reject,
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
      );
  });
}

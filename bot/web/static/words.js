/** Every word that the page itself says (what the bot says comes from the server). Short, warm, plain. */

export const WORDS = {
  bot: "及时雨说：",
  me: "我说：",
  choices: "可以点的回答",
  state: { sending: "正在送", waiting: "等网络", sent: "已送到", refused: "没发出去" },
  photo: "照片",
  voice: "语音",
  place: "位置",
  openPhoto: "照片，点开看大图",
  attachedPhoto: "要发的照片",
  withdraw: "不发了",
  again: "改一改再发",
  remove: "去掉",
  noted: "我记下了",
  notedHint: "这条不留在手机里：离开这个页面，或者过十分钟，就没了。请先抄下来，抄好了点“我记下了”。",
  late: "晚到",
  offline: "现在没有网。您写的话先存在这部手机里，有网了自动发，不用重写。",
  busy: "现在人多，您的话排着队，会自动发出去。",
  title: "及时雨",
  unread: (count) => `（${count}条新话）及时雨`,
  signIn: "登录",
  signOut: "退出",
  close: "收起",
  doorHint: "工作人员在这里登录：填上一级给的登录码，或者点开他发来的链接。群众不用登录，直接写就行。",
  ended: "您的登录到期了。没发出的话还好好存在这部手机里，重新登录后自动发出。请填新的登录码，或者点开新的登录链接。",
  signingIn: "正在登录……没有网的话，一有网就接着登。",
  signedIn: (who) => `${who}，已经登录。`,
  badDoor: "没登录上，请稍后再试。",
  waitingAtSignOut: (count) => `还有${count}条没发出去，退出后先存着，等您再登录时发。要退出请再点一次“退出”。`,
  photoFailed: "这张照片打不开，请换一张，或者重新拍一张。",
  voiceStop: (seconds) => `停 ${seconds}秒`,
  voiceFailed: "没能录音。请在手机设置里让浏览器用话筒，或者写字也行。",
  placeFailed: "没找到位置。请打开手机的定位，或者写上是哪个村、哪一家。",
  placeSearching: "正在找位置……",
  broken: "这个浏览器打不开及时雨，请换一个浏览器，或者把浏览器升级。急事请直接打120、110、119。",
  storageFailed: "这部手机存不下了，这条还没发。请别关页面，清一清手机再点“发送”。",
};

/** Numbers that are called with a tap wherever the bot names them. */
export const PHONES = new Set(["110", "119", "120", "12338", "12345", "12348", "12355", "12356", "12388"]);

/** The zone of every time shown: the county's, whatever the phone is set to. */
const ZONE = "Asia/Shanghai";
const day = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "numeric", day: "numeric" });
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const dayOf = (moment) => {
  const parts = day.formatToParts(moment).reduce((all, one) => ({ ...all, [one.type]: one.value }), {});
  return `${parts.month}月${parts.day}日`;
};

/** 14:05 of today, 11月20日 14:05 of another day. */
export const when = (moment, now) =>
  dayOf(moment) === dayOf(now) ? clock.format(moment) : `${dayOf(moment)} ${clock.format(moment)}`;

/** The demo clock always with its day. */
export const dayAndClock = (moment) => `${dayOf(moment)} ${clock.format(moment)}`;

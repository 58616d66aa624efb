/** A demo conversation for `manage seed`. */

/** Beside General, which is there from the beginning. */
export const DEMO_ROOMS = [
  { slug: "general", name: "General", topic: "Everything that has no room of its own", membersOnly: false },
  { slug: "warehouse", name: "Warehouse", topic: "Racks, forklifts, deliveries", membersOnly: false },
  { slug: "lunch", name: "Lunch", topic: "What there is, and who brings it", membersOnly: false },
  { slug: "leads", name: "Leads", topic: "For who leads a team", membersOnly: true },
];

const SAID = [
  "Good morning! The delivery from Hamburg is here, a day early.",
  "Morning. How many pallets?",
  "Twelve. Two are wet at the corner, I have put them aside.",
  "Please take pictures before anybody opens them.",
  "Done: https://example.com/deliveries/4711",
  "Thanks! I write to the carrier.",
  "Does anybody have the key of rack 7?",
  "It hangs in the office, behind the door.",
  "The label printer prints blank labels again.",
  "Turn the roll round, the coated side has to face up.",
  "That was it. I write it on the lid.",
  "Who comes along to lunch? There is soup today.",
  "Me!",
  "Me too, in ten minutes.",
  "Grüße aus Zürich, die Muster sind angekommen. 🎉",
  "Great. Then we can order on Thursday.",
  "The forklift is in repair until Wednesday, please use the small one.",
  "Noted. Is the ramp free at three?",
  "From half past two on, yes.",
  "Then I send the second truck there.\nThe driver has the papers.",
];

export const demoText = (n: number) => SAID[n % SAID.length]!;

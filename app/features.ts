/** The ten features. Home page and navigation are drawn from it. */
import type { Hue } from "~/components/hues";

/** What the site is called, wherever people read it. */
export const SITE = "Tenfold";

export interface Feature {
  /** The name of its folder in app/features. */
  name: string;
  title: string;
  /** Where it begins. */
  path: string;
  /** Its purpose in one line. */
  summary: string;
  /** Its colour: one of styles/tokens.css. Its icon is the symbol of its name in public/icons.svg. */
  hue: Hue;
}

export const features: Feature[] = [
  {
    name: "todos",
    title: "To-dos",
    path: "/todos",
    summary: "Write down what needs doing, and tick it off.",
    hue: "green",
  },
  {
    name: "tasks",
    title: "Tasks",
    path: "/tasks",
    summary: "Assign work, complete it, and have others told in the background.",
    hue: "cyan",
  },
  {
    name: "chat",
    title: "Chat",
    path: "/chat",
    summary: "Talk in rooms, live, without losing a message.",
    hue: "sky",
  },
  {
    name: "blog",
    title: "Blog",
    path: "/posts",
    summary: "Write posts in Markdown under links that never die.",
    hue: "violet",
  },
  {
    name: "contact",
    title: "Contact",
    path: "/contact",
    summary: "Let anybody write to the team.",
    hue: "magenta",
  },
  {
    name: "inventory",
    title: "Inventory",
    path: "/inventory",
    summary: "Know what is in stock, where, and since when.",
    hue: "orange",
  },
  {
    name: "documents",
    title: "Documents",
    path: "/documents",
    summary: "Keep files safe, and hand them only to those who may.",
    hue: "amber",
  },
  {
    name: "webhooks",
    title: "Webhooks",
    path: "/webhooks",
    summary: "Receive signed events from other systems, each once.",
    hue: "red",
  },
  {
    name: "weather",
    title: "Weather",
    path: "/weather",
    summary: "See the weather of any city, also when its source is down.",
    hue: "blue",
  },
  {
    name: "profile",
    title: "Profile",
    path: "/profile",
    summary: "Say who you are, with a picture.",
    hue: "lime",
  },
];

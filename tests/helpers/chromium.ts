import { chromium } from "playwright-core";

/** Starts the browser that CHROMIUM names. It asks for nothing but what it is told to open. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

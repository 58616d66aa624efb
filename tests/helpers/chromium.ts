import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const { CHROMIUM = "" } = process.env;
const SHELL = `${CHROMIUM}-headless-shell`;

/**
 * Starts the browser that CHROMIUM names, or the same without windows where that is beside it: a page opens in half the
 * time there, and PDFs are not shown. It asks for nothing but what it is told to open.
 */
export const launchChromium = (executablePath = existsSync(SHELL) ? SHELL : CHROMIUM) =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

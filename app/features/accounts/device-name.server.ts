import { getParser } from "bowser";

/** A browser as its person would call it, by its User-Agent: "Firefox on Linux". */
export function deviceName(userAgent: string): string {
  if (!userAgent) return "Unknown browser";
  const parser = getParser(userAgent);
  const [browser, system] = [parser.getBrowserName(), parser.getOSName()];
  if (!browser) return userAgent.split(/[\s/]/)[0] || "Unknown browser";
  return system ? `${browser} on ${system}` : browser;
}

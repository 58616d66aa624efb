import type { MetaDescriptor } from "@remix-run/react";
import { SITE } from "~/features";

/**
 * The `meta` of a page called `title`. Where its form was refused it begins with `Error: `, which is the first
 * thing that a screen reader says (GOV.UK Design System, error summary).
 */
export function pageTitle(matches: { id: string; data: unknown }[], title?: string): MetaDescriptor[] {
  const root = matches.find((match) => match.id === "root")?.data as { invalid?: boolean } | undefined;
  const whole = title ? `${title} · ${SITE}` : SITE;
  return [{ title: root?.invalid ? `Error: ${whole}` : whole }];
}

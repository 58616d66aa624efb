import { onTestFinished } from "vitest";
import { config } from "~/services/config.server";

/** Changes settings of this process until the test ends. */
export function set(values: Partial<ReturnType<typeof config>>) {
  const before = { ...config() };
  Object.assign(config(), values);
  onTestFinished(() => {
    Object.assign(config(), before);
  });
}

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SETTINGS } from "~/services/config.server";

const read = (path: string) => readFileSync(path, "utf8");
const caddyfile = read("docs/Caddyfile");
/** The instructions of the Containerfile, by stage. */
const stages = read("Containerfile")
  .split("\n")
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => ({ name: line.split(" ")[0]!, args: line.slice(line.indexOf(" ") + 1) }))
  .reduce<{ name: string; args: string }[][]>((all, instruction) => {
    if (instruction.name === "FROM") all.push([]);
    all.at(-1)!.push(instruction);
    return all;
  }, []);
const [building = [], running = []] = stages;
const of = (stage: typeof building, name: string) =>
  stage.filter((instruction) => instruction.name === name).map(({ args }) => args);

describe("the Containerfile", () => {
  it("has two stages of one version of Node, which is one that package.json allows", () => {
    expect(stages).toHaveLength(2);
    const versions = stages.map((stage) => of(stage, "FROM")[0]!.match(/node:(\d+)-/)![1]);
    expect(new Set(versions).size).toBe(1);
    expect(Number(versions[0])).toBeGreaterThanOrEqual(20);
  });
  it("copies what there is, all of it let through by .dockerignore", () => {
    const sources = of(building, "COPY").flatMap((args) => args.split(" ").slice(0, -1));
    const passed = read(".dockerignore")
      .match(/^!.*$/gm)!
      .map((line) => line.slice(1));
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    expect(sources.toSorted()).toEqual(passed.toSorted());
  });
  it("takes into the last stage what was made in the first, and no source", () => {
    const copied = of(running, "COPY").map((args) => args.split(" "));
    expect(copied.map(([from]) => from)).toEqual(copied.map(() => "--from=build"));
    expect(copied.map(([, path]) => path).toSorted()).toEqual([
      "/app/build",
      "/app/node_modules",
      "/app/package.json",
    ]);
  });
  it("runs Node itself, so that signals reach it, on a file that the build makes, as nobody special", () => {
    expect(JSON.parse(of(running, "CMD")[0]!)).toEqual(["node", "build/server.js"]);
    expect(existsSync("build/server.js")).toBe(true);
    const order = running.map(({ name }) => name);
    expect(of(running, "USER")).toEqual(["node"]);
    expect(order.indexOf("USER")).toBeLessThan(order.indexOf("CMD"));
    expect(order.slice(order.indexOf("USER"))).not.toContain("RUN");
  });
  it("sets nothing but settings, and the port that it says", () => {
    const set = of(running, "ENV").flatMap((args) => args.split(" ").map((pair) => pair.split("=")));
    const names = set.map(([name]) => name);
    expect(names.filter((name) => name !== "NODE_ENV" && !(name! in SETTINGS))).toEqual([]);
    expect(Object.fromEntries(set)).toMatchObject({ NODE_ENV: "production", PORT: of(running, "EXPOSE")[0] });
  });
});

describe("compose.yaml", () => {
  const text = read("compose.yaml");
  const [app = ""] = text.match(/^x-app: .*\n(?: .*\n)+/m)!;
  const environment = [
    ...app.match(/ {2}environment:\n((?: {4}.*\n)+)/)![1]!.matchAll(/^ {4}(\w+): (.*)$/gm),
  ].map(([, name, value]) => ({ name: name!, value: value! }));

  it("sets nothing but settings for the app, the port that the container says among them", () => {
    expect(environment.map(({ name }) => name).filter((name) => !(name in SETTINGS))).toEqual([]);
    expect(environment).toContainEqual({ name: "PORT", value: of(running, "EXPOSE")[0] });
    expect(environment).toContainEqual({ name: "TRUST_PROXY", value: "1" });
  });
  it("has no password of its own: each secret is asked for by name", () => {
    const secrets = [...text.matchAll(/^ +(\w*(?:PASSWORD|SECRET)): (.*)$/gm)];
    expect(secrets.length).toBeGreaterThan(1);
    for (const [, name, value] of secrets) expect(value).toBe(`\${${name}:?is missing in .env}`);
    expect(text).toContain(`:\${POSTGRES_PASSWORD:?is missing in .env}@database/`);
  });
  it("leads the proxy to each process of the app at its port, by a file that there is", () => {
    const processes = [...text.matchAll(/^ {2}(\w+): \*app$/gm)].map(([, name]) => `${name}:3000`);
    expect(processes.length).toBeGreaterThan(1);
    expect(text).toContain(`UPSTREAMS: ${processes.join(" ")}\n`);
    const mounted = text.match(/- \.\/(\S+):\/etc\/caddy\/Caddyfile:ro/)![1]!;
    expect(read(mounted)).toBe(caddyfile);
  });
  it("gives a stop the time that the server takes for it", () => {
    const seconds = (name: string) =>
      Number(
        read("server.ts")
          .match(new RegExp(`^const ${name} = ([\\d_]+);`, "m"))![1]!
          .replace("_", ""),
      ) / 1_000;
    expect(Number(app.match(/stop_grace_period: (\d+)s/)![1])).toBeGreaterThan(
      seconds("NOTICE") + seconds("GRACE"),
    );
  });
  it("keeps what is to last in volumes that it declares", () => {
    const mounted = [...text.matchAll(/^ +- (\w+):\//gm)].map(([, name]) => name);
    const declared = [...text.match(/^volumes:\n((?: {2}\w+:\n)+)/m)![1]!.matchAll(/(\w+):/g)];
    expect(new Set(mounted)).toEqual(new Set(declared.map(([, name]) => name)));
    expect(mounted).toEqual(expect.arrayContaining(["uploads", "database"]));
  });
});

it("the Caddyfile asks for the readiness more often than a stop lasts", () => {
  expect(caddyfile).toContain("health_uri /readyz");
  expect(caddyfile).toMatch(/health_interval \d{1,3}ms/);
});

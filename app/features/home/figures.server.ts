import { featureServers } from "~/features.server";
import { inGroups } from "~/services/group-commit.server";

type Figures = Record<string, string | null>;

const read = inGroups(async (askers: null[]): Promise<Figures[]> => {
  const figures = await Promise.all(
    featureServers.map(async ({ name, figure }) => [name, (await figure?.()) ?? null] as const),
  );
  return askers.map(() => Object.fromEntries(figures));
});

/**
 * What each feature tells on the home page. Those who ask while it is being read share the next reading, which begins
 * after they asked: nobody is shown what was before.
 */
export const readFigures = () => read(null);

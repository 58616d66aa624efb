/** Files and the rows that point to them: neither is left without the other. */
import type { Model, ModelStatic } from "sequelize";
import { mayHaveCommitted, settled } from "#models/database.server";
import { remove } from "./files.server";
import { log } from "./log.server";

/** A model whose rows point to files. */
type PointsToFiles = ModelStatic<Model> & { pointsTo(key: string): Promise<boolean> };

/**
 * Runs `save`, one transaction that makes rows of `model` point to files which were just put. Where it comes to nothing (null,
 * false, or an error) the files are removed.
 *
 * After a COMMIT that brought an error the rows are asked, as it may have come about: there is no other copy. Where they do not
 * answer the files are left to the sweep.
 *
 * @throws what `save` throws.
 */
export async function keepIfSaved<T>(
  model: PointsToFiles,
  keys: string[],
  save: () => Promise<T>,
): Promise<T> {
  try {
    const saved = await save();
    if (!saved) await remove(...keys);
    return saved;
  } catch (error) {
    if (!mayHaveCommitted(error) || !(await mayPointTo(model, keys))) await remove(...keys);
    throw error;
  }
}

/** All of them came with one transaction, so one stands for all. */
async function mayPointTo(model: PointsToFiles, [key]: string[]): Promise<boolean> {
  if (!key) return false;
  try {
    await settled(model);
    return await model.pointsTo(key);
  } catch (error) {
    log().error({ err: error, key }, "whether a row points to a file is not known; it is left to the sweep");
    return true;
  }
}

import {
  type Attributes,
  type FindOptions,
  type Model,
  type ModelStatic,
  Op,
  type WhereOptions,
} from "sequelize";

/**
 * Every row that a query finds, in the order of their ids, `atOnce` at a time: what Django's `QuerySet.iterator` stands
 * for. No table is too large for it, and what is added meanwhile comes as well.
 */
export async function* eachRow<M extends Model & { id: number }>(
  model: ModelStatic<M>,
  options: Pick<FindOptions<Attributes<M>>, "attributes" | "where" | "paranoid" | "raw">,
  atOnce: number,
): AsyncGenerator<M> {
  for (let last = 0; ; ) {
    const where = { [Op.and]: [options.where ?? {}, { id: { [Op.gt]: last } }] } as WhereOptions<
      Attributes<M>
    >;
    const rows = await model.findAll({ ...options, where, order: ["id"], limit: atOnce });
    yield* rows;
    if (rows.length < atOnce) return;
    last = rows.at(-1)!.id;
  }
}

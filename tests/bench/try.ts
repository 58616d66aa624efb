import * as m from "./jobs";
console.log(await (m as any).beside(process.env.U!));
process.exit();

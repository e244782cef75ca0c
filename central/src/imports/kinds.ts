import {
  caseNoSchema,
  clerkNameSchema,
  itemCodeSchema,
  itemNameSchema,
  shortText,
  staffNoSchema,
  windowNoSchema,
} from "@window-rating/protocol/rating";
import { reasonCodesSchema } from "@window-rating/protocol/reasons";
import { z } from "zod";
import { levelCell, momentCell, optionalMomentCell, optionalTextCell, textCell, wholeNumberCell, yesNoCell } from "./cells.ts";

/** A column of a kind of file: the names it may have in the first row, and what its cells are. */
interface Column {
  readonly names: readonly string[];
  readonly cell: z.ZodType;
  /** The column itself may be missing. */
  readonly optional?: true;
}

const caseNo = { names: ["办件编号", "caseNo", "projectNo"], cell: textCell(caseNoSchema) };
const visitNo = { names: ["服务次数", "visitNo", "serviceNumber"], cell: wholeNumberCell(1, 99) };
const itemCode = { names: ["事项编码", "itemCode", "taskCode"], cell: textCell(itemCodeSchema) };
const itemName = { names: ["事项名称", "itemName", "taskName"], cell: textCell(itemNameSchema) };
const agencyCode = { names: ["机构编码", "agencyCode", "deptCode"], cell: optionalTextCell(shortText(64)), optional: true } as const;
const windowNo = { names: ["窗口", "窗口编号", "windowNo"], cell: optionalTextCell(windowNoSchema), optional: true } as const;
const staffNo = { names: ["工号", "人员编号", "staffNo"], cell: optionalTextCell(staffNoSchema), optional: true } as const;
const clerkName = { names: ["姓名", "工作人员", "clerkName"], cell: optionalTextCell(clerkNameSchema), optional: true } as const;

const reasonCell = z.preprocess(
  (cell) =>
    cell == null || cell === ""
      ? []
      : String(cell)
          .normalize("NFKC")
          .split(/[,|;、\s]+/)
          .filter(Boolean),
  reasonCodesSchema,
);

const hallNo = { names: ["大厅编号", "大厅", "hallNo"], cell: optionalTextCell(shortText(32)), optional: true } as const;
const nameOf = (...names: readonly string[]) => ({ names: [...names, "名称", "name"], cell: textCell(shortText(128)) });

/** What each kind of file holds. Names of columns in Chinese are those of common exports; case and width do not matter. */
export const IMPORT_COLUMNS = {
  agencies: { agencyCode: { names: agencyCode.names, cell: textCell(shortText(64)) }, name: nameOf("机构名称", "agencyName") },
  halls: { hallNo: { names: hallNo.names, cell: textCell(shortText(32)) }, name: nameOf("大厅名称", "hallName"), agencyCode },
  windows: {
    windowNo: { names: windowNo.names, cell: textCell(windowNoSchema) },
    name: { names: ["窗口名称", "名称", "name"], cell: optionalTextCell(shortText(128)), optional: true },
    hallNo,
    agencyCode,
  },
  cases: {
    caseNo,
    visitNo: { ...visitNo, cell: z.preprocess((cell) => cell ?? 1, visitNo.cell), optional: true },
    itemCode,
    itemName,
    agencyCode,
    windowNo,
    staffNo,
    clerkName,
    acceptedAt: { names: ["受理时间", "acceptedAt"], cell: optionalMomentCell, optional: true },
    endedAt: { names: ["服务时间", "办理时间", "endedAt"], cell: optionalMomentCell, optional: true },
    completedAt: { names: ["办结时间", "completedAt"], cell: optionalMomentCell, optional: true },
    online: { names: ["全程网办", "online"], cell: yesNoCell, optional: true },
    batchNo: { names: ["批次号", "batchNo"], cell: optionalTextCell(shortText(64)), optional: true },
    themeNo: { names: ["主题编号", "themeNo"], cell: optionalTextCell(shortText(64)), optional: true },
    themeName: { names: ["主题名称", "themeName"], cell: optionalTextCell(shortText(128)), optional: true },
  },
  clerks: {
    staffNo: { names: staffNo.names, cell: textCell(staffNoSchema) },
    name: { names: ["姓名", "name", "clerkName"], cell: textCell(clerkNameSchema) },
    agencyCode,
    windowNo,
    title: { names: ["职务", "title"], cell: optionalTextCell(shortText(20)), optional: true },
    stars: { names: ["星级", "stars"], cell: z.preprocess((cell) => cell ?? undefined, wholeNumberCell(0, 5).optional()), optional: true },
    partyMember: { names: ["党员", "是否党员", "中共党员", "partyMember"], cell: yesNoCell, optional: true },
  },
  items: { itemCode, name: { names: ["事项名称", "name", "itemName"], cell: textCell(itemNameSchema) }, agencyCode },
  ratings: {
    ratingNo: { names: ["评价编号", "ratingNo"], cell: optionalTextCell(shortText(64)), optional: true },
    caseNo,
    visitNo,
    level: { names: ["评价", "评价等级", "满意度", "level", "satisfaction"], cell: levelCell },
    ratedAt: { names: ["评价时间", "ratedAt", "assessTime"], cell: momentCell },
    itemCode: { ...itemCode, cell: optionalTextCell(itemCodeSchema), optional: true },
    itemName: { ...itemName, cell: optionalTextCell(itemNameSchema), optional: true },
    windowNo,
    staffNo,
    clerkName,
    reasons: { names: ["评价选项", "评价指标", "reasons", "evalDetail"], cell: reasonCell, optional: true },
    comment: {
      names: ["评价内容", "文字评价", "comment", "writingEvaluation"],
      cell: optionalTextCell(z.string().max(1000)),
      optional: true,
    },
    channel: { names: ["评价渠道", "channel", "pf"], cell: optionalTextCell(shortText(32)), optional: true },
  },
} as const satisfies Record<string, Record<string, Column>>;

export type ImportKind = keyof typeof IMPORT_COLUMNS;
export const IMPORT_KINDS = Object.keys(IMPORT_COLUMNS) as [ImportKind, ...ImportKind[]];

/** A row of a kind, with every cell read. */
export type ImportRow<Kind extends ImportKind> = {
  readonly [Name in keyof (typeof IMPORT_COLUMNS)[Kind]]: (typeof IMPORT_COLUMNS)[Kind][Name] extends {
    readonly cell: infer Cell extends z.ZodType;
  }
    ? z.output<Cell>
    : never;
};

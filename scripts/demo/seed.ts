/** Two clerks and six items of the demo: obviously invented people, everyday matters. */
export const CLERKS = [
  { staffNo: "1001", name: "张三样例" },
  { staffNo: "1002", name: "李四样例" },
] as const;

export const ITEMS = [
  { itemCode: "110101", itemName: "居民身份证补领" },
  { itemCode: "110203", itemName: "户口迁入登记" },
  { itemCode: "140305", itemName: "灵活就业参保登记" },
  { itemCode: "230118", itemName: "不动产转移登记" },
  { itemCode: "310407", itemName: "个体工商户设立登记" },
  { itemCode: "320512", itemName: "住房公积金提取" },
] as const;

/** Where they sit: one window of one hall. */
export const HALL = {
  agency: { agencyCode: "DEMO-A1", name: "样例区行政审批服务局" },
  hall: { hallNo: "DEMO-H1", name: "样例区政务服务大厅" },
  window: { windowNo: "1", name: "综合受理" },
} as const;

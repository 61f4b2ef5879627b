/** What a data file calls the columns that are read. */
export interface ColumnNames {
  readonly text: string;
  readonly label: string;
  /** Where a file has no column `id`, ids are made from the texts. Any other name must be there. */
  readonly id: string;
}

export const usualColumns: ColumnNames = { text: "text", label: "label", id: "id" };

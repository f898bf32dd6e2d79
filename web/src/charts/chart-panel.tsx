import { ChartNoAxesCombined, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'

export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

/** A picture with its numbers behind a button: whoever cannot see it reads the table. */
export function ChartPanel({
  title,
  hint,
  table,
  actions,
  children,
  className,
}: {
  readonly title: string
  readonly hint?: string
  readonly table: ChartTable
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}) {
  const t = useTexts(commonTexts)
  const [asTable, setAsTable] = useState(false)
  return (
    <Panel
      title={title}
      hint={hint}
      className={className}
      actions={
        <>
          {actions}
          <IconButton
            label={asTable ? t.showChart : t.showTable}
            className="size-7"
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? (
              <ChartNoAxesCombined className="size-3.5" />
            ) : (
              <Table2 className="size-3.5" />
            )}
          </IconButton>
        </>
      }
    >
      {asTable ? (
        <div className="max-h-72 overflow-auto">
          <Table aria-label={title}>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <Th key={column}>{column}</Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, at) => (
                    <Td key={at} className="tabular">
                      {cell}
                    </Td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : (
        children
      )}
    </Panel>
  )
}

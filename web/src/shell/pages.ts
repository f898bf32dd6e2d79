import {
  Activity,
  Boxes,
  Cable,
  FlaskConical,
  KeyRound,
  LayoutDashboard,
  Route,
  Settings2,
} from 'lucide-react'
import type { shellTexts } from './texts.ts'

/** The pages in the order of the navigation; `key` follows `g` on the keyboard. */
export const PAGES = [
  { path: '/', name: 'overview', key: 'o', icon: LayoutDashboard },
  { path: '/requests', name: 'requests', key: 'r', icon: Activity },
  { path: '/routing', name: 'routing', key: 't', icon: Route },
  { path: '/models', name: 'models', key: 'm', icon: Boxes },
  { path: '/keys', name: 'keys', key: 'k', icon: KeyRound },
  { path: '/playground', name: 'playground', key: 'p', icon: FlaskConical },
  { path: '/connect', name: 'connect', key: 'c', icon: Cable },
  { path: '/settings', name: 'settings', key: 's', icon: Settings2 },
] as const satisfies readonly {
  path: string
  name: keyof typeof shellTexts
  key: string
  icon: unknown
}[]

import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as kept from './sqlite.js'

const column = (type, { read, write }) =>
  customType({ dataType: () => type, fromDriver: read, toDriver: write })
const uuid = column('char(32)', kept.uuid)
const money = column('decimal', kept.money)
const instant = column('datetime', kept.instant)
const flag = () => integer({ mode: 'boolean' })

export const users = sqliteTable('users_user', {
  id: uuid().primaryKey(),
  created_at: instant(),
  updated_at: instant(),
  password: text(),
  last_login: instant(),
  is_superuser: flag(),
  email: text(),
  display_name: text(),
  avatar: text(),
  time_zone: text(),
  theme: text(),
  is_active: flag(),
  is_staff: flag(),
})

export const categories = sqliteTable('category', { id: integer().primaryKey(), name: text() })

export const items = sqliteTable('item', {
  id: uuid().primaryKey(),
  name: text(),
  price: money(),
  quantity: integer(),
  active: flag(),
  category_id: integer().references(() => categories.id),
  owner_id: uuid().references(() => users.id),
  created_at: instant(),
})

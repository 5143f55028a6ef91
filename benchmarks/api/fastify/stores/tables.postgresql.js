import {
  bigint,
  boolean,
  integer,
  numeric,
  pgTable,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'

const instant = () => timestamp({ withTimezone: true, mode: 'string' })

export const users = pgTable('users_user', {
  id: uuid().primaryKey(),
  created_at: instant(),
  updated_at: instant(),
  password: varchar(),
  last_login: instant(),
  is_superuser: boolean(),
  email: varchar(),
  display_name: varchar(),
  avatar: varchar(),
  time_zone: varchar(),
  theme: varchar(),
  is_active: boolean(),
  is_staff: boolean(),
})

export const categories = pgTable('category', {
  id: bigint({ mode: 'number' }).primaryKey(),
  name: varchar(),
})

export const items = pgTable('item', {
  id: uuid().primaryKey(),
  name: varchar(),
  price: numeric({ precision: 10, scale: 2 }),
  quantity: integer(),
  active: boolean(),
  category_id: bigint({ mode: 'number' }).references(() => categories.id),
  owner_id: uuid().references(() => users.id),
  created_at: instant(),
})

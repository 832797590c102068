/** Every operator of dialect 1 by name; shared-schemas/operators.json has the same names, by test. */
import { compare } from './operators/compare';
import { data } from './operators/data';
import { dates } from './operators/dates';
import { decide } from './operators/decide';
import { lists } from './operators/lists';
import { numbers } from './operators/numbers';
import { text } from './operators/text';
import type { Operators } from './tree';

export const OPERATORS: Operators = new Map([
  ...data,
  ...compare,
  ...decide,
  ...numbers,
  ...text,
  ...lists,
  ...dates,
]);

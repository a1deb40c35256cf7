/**
 * The hub's API as types, taken from its own document (`schema.d.ts`, which `cargo xtask openapi` writes). An
 * address is written as it is called, `/deals/${id}`, and finds its operation by form: no address, body
 * or answer of the UI can differ from what the hub says of itself.
 */
import type { paths } from './schema';

type Doors = keyof paths & string;

/** `/deals/{deal}/side` as calls write it: `/deals/${string}/side`. */
type Form<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Form<After>}`
  : Path;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Door<Called extends string> = {
  [Path in Doors]: Same<Form<Path>, `/api/v1${Called}`> extends true ? Path : never;
}[Doors];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Every address that takes this method, as calls write it. */
export type Called<M extends Method> = {
  [Path in Doors]: paths[Path] extends { [Key in M]: object }
    ? Form<Path> extends `/api/v1${infer Rest}`
      ? Rest
      : never
    : never;
}[Doors];

type Operation<M extends Method, C extends string> = paths[Door<C>] extends { [Key in M]: infer Found }
  ? Found
  : never;

type Json<Answer> = Answer extends { content: infer Shapes }
  ? Shapes extends { 'application/json': infer Body }
    ? Body
    : Shapes[keyof Shapes]
  : void;

type Answers<Of> = Of extends { responses: infer All } ? All : never;

/** What the hub answers when it did what was asked. */
export type Answer<M extends Method, C extends string> = Json<
  Answers<Operation<M, C>>[keyof Answers<Operation<M, C>> & (200 | 201 | 202 | 204)]
>;

/** What the hub takes. */
export type Body<M extends Method, C extends string> =
  Operation<M, C> extends { requestBody: { content: infer Shapes } }
    ? Shapes[keyof Shapes]
    : Operation<M, C> extends { requestBody?: { content: infer Shapes } }
      ? Shapes[keyof Shapes] | undefined
      : undefined;

/** What may be asked for behind the question mark. */
export type Query<M extends Method, C extends string> =
  Operation<M, C> extends { parameters: { query?: infer Asked extends object } } ? Asked : undefined;

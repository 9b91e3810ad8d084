/** As much of transit-js as is used here. */
declare module "transit-js" {
  export interface TaggedValue {
    readonly tag: string;
    readonly rep: unknown;
  }
  /** A keyword or a symbol. */
  export interface Name {
    /** Its text, which for a keyword `toString` makes anew each time. */
    readonly _name: string;
  }
  export interface WriteHandler<T> {
    tag(value: T): string;
    rep(value: T): unknown;
    stringRep(value: T): string | null;
  }
  export interface MapBuilder {
    init(node: unknown): unknown;
    add(map: unknown, key: unknown, value: unknown, node: unknown): unknown;
    finalize(map: unknown, node: unknown): unknown;
  }
  const transit: {
    reader(
      type: "json",
      options: {
        handlers: Record<string, ((rep: never) => unknown) | null>;
        mapBuilder: MapBuilder;
        preferBuffers: boolean;
      },
    ): { read(text: string): unknown };
    writer(
      type: "json",
      options: { handlers: unknown; cache: { write(text: string, asMapKey: boolean): string; clear(): void } },
    ): { write(value: unknown): string };
    map(entries: readonly unknown[]): unknown;
    keyword(name: string): object;
    symbol(name: string): object;
    isKeyword(value: unknown): value is Name;
    isSymbol(value: unknown): value is Name;
    tagged(tag: string, rep: unknown): TaggedValue;
    isTaggedValue(value: unknown): value is TaggedValue;
    integer(text: string): object;
  };
  export default transit;
}

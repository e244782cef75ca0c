/** A serial server and its port. */
export interface NetworkAddress {
  /** As a person writes it: `tcp://10.0.0.5:4001`. */
  readonly name: string;
  readonly protocol: "tcp" | "rfc2217";
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?<protocol>tcp|rfc2217):\/\/(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/]+)):(?<port>\d{1,5})$/;

/** Reads `tcp://host:port` and `rfc2217://host:port`; undefined if the text is neither. */
export const networkAddress = (text: string): NetworkAddress | undefined => {
  const { protocol, v6, host = v6, port } = ADDRESS.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { name: text, protocol: protocol as NetworkAddress["protocol"], host, port: Number(port) };
};

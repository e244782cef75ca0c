/**
 * Whether bytes are a right frame of one of the test descriptions, reckoned by hand: shares no code with the framings, so that one
 * mistake cannot hide another.
 */
export const ORACLES = {
  FF68: (frame: Uint8Array): boolean => {
    const bytes = [...frame];
    const length = bytes[2] ?? 0;
    const sum = bytes.slice(5, 5 + length).reduce((total, byte) => total + byte, 0) & 0xff;
    return (
      bytes[0] === 0xff &&
      bytes[1] === 0x68 &&
      bytes[3] === length &&
      bytes[4] === 0x68 &&
      bytes[5] === 0x01 &&
      length >= 2 &&
      length <= 5 &&
      bytes.length === length + 7 &&
      bytes.at(-2) === sum &&
      bytes.at(-1) === 0x16
    );
  },
  CRC: (frame: Uint8Array): boolean => {
    const bytes = [...frame];
    let crc = 0xffff;
    for (const byte of bytes.slice(1, -3)) {
      crc ^= byte;
      // Modbus over serial line, appendix B: shifted right, with the polynomial turned round.
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return (
      bytes.length >= 6 &&
      bytes.length <= 14 &&
      bytes[0] === 0x02 &&
      bytes[1] === 0x01 &&
      bytes.at(-3) === (crc & 0xff) &&
      bytes.at(-2) === crc >> 8 &&
      bytes.at(-1) === 0x03
    );
  },
  LINES: (frame: Uint8Array): boolean => {
    const groups = /^\$(?<body>[^,]*,.*)\*(?<sum>[0-9A-Fa-f]{2})\r\n$/s.exec(String.fromCharCode(...frame))?.groups;
    if (groups?.body === undefined || groups.sum === undefined) return false;
    let sum = 0;
    for (const character of groups.body) sum ^= character.charCodeAt(0);
    return Number.parseInt(groups.sum, 16) === sum;
  },
  BYTES: (frame: Uint8Array): boolean => frame.length === 1 && "12345".includes(String.fromCharCode(frame[0] as number)),
} as const;

import { SerialPort } from "serialport";

// The other end of the baseline: a process that opens the port as the window PC does and sends back what comes.
const port = new SerialPort({ path: process.argv[2] as string, baudRate: 115_200, hupcl: false });
port.on("data", (chunk: Uint8Array) => port.write(chunk));
port.on("open", () => process.stdout.write("{}\n"));

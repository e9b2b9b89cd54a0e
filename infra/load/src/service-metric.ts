/** One number that a service tells about itself; NaN where its system does not know it. */
export async function serviceMetric(httpPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  return Number(new RegExp(`^${name}\\S* (\\S+)`, 'm').exec(text)?.[1]);
}

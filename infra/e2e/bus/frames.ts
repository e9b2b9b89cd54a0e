/** One operation of the NATS protocol, as it travels. */
export interface Quadro {
  /** Everything of it, to be passed on. */
  readonly bytes: Buffer;
  /** `PUB`, `HMSG`, `PING`, ... */
  readonly operacao: string;
  /** What stands behind the operation in its line; subject first where there is one. */
  readonly campos: readonly string[];
  /** Headers of a message; empty where it has none. */
  readonly cabecalhos: string;
  readonly corpo: string;
}

const FIM_DE_LINHA = '\r\n';
const MENSAGENS: ReadonlySet<string> = new Set(['PUB', 'HPUB', 'MSG', 'HMSG']);
const COM_CABECALHOS: ReadonlySet<string> = new Set(['HPUB', 'HMSG']);

/** Cuts one direction of a connection into operations, however its bytes are cut into pieces. */
export class Quadros {
  #resto: Buffer = Buffer.alloc(0);

  /** The operations that this piece completes, in order. */
  *ler(pedaco: Buffer): Generator<Quadro> {
    this.#resto = Buffer.concat([this.#resto, pedaco]);
    for (let quadro = this.#primeiro(); quadro !== undefined; quadro = this.#primeiro()) {
      this.#resto = this.#resto.subarray(quadro.bytes.length);
      yield quadro;
    }
  }

  #primeiro(): Quadro | undefined {
    const fim = this.#resto.indexOf(FIM_DE_LINHA);
    if (fim === -1) return undefined;
    const [operacao = '', ...campos] = this.#resto.toString('latin1', 0, fim).split(/\s+/);
    const inicio = fim + FIM_DE_LINHA.length;
    const nome = operacao.toUpperCase();
    if (!MENSAGENS.has(nome)) {
      const bytes = this.#resto.subarray(0, inicio);
      return { bytes, operacao: nome, campos, cabecalhos: '', corpo: '' };
    }
    const tamanho = Number(campos.at(-1));
    const total = inicio + tamanho + FIM_DE_LINHA.length;
    if (this.#resto.length < total) return undefined;
    const corpo = inicio + (COM_CABECALHOS.has(nome) ? Number(campos.at(-2)) : 0);
    return {
      bytes: this.#resto.subarray(0, total),
      operacao: nome,
      campos,
      cabecalhos: this.#resto.toString('utf8', inicio, corpo),
      corpo: this.#resto.toString('utf8', corpo, inicio + tamanho),
    };
  }
}

import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { Exportacao } from '../domain/exportacao.ts';
import { ExportacaoNaoEncontradaError } from '../domain/recusa.ts';
import { ENDERECO_VALE_MS } from './exports-queries.ts';
import type { Arquivos, ConsultaDeExportacoes, Enderecos } from './ports.ts';

/** Somebody has the address of an archive. */
export interface DownloadExportCommand {
  /** Last segment of the address, as it came. */
  readonly endereco: string;
  readonly origem: Origem;
}

/** The archive as it is sent. */
export interface ArquivoAberto {
  readonly pedidoEm: Date;
  readonly conteudo: AsyncIterable<Buffer>;
}

/** Where it was told to. */
interface DaSessao {
  readonly usuarioId: string;
  readonly geracao: number;
  readonly sessaoId: string;
  /** Not later than it was told. */
  readonly desde: Date;
}

interface Deps {
  readonly enderecos: Pick<Enderecos, 'ler'>;
  readonly consulta: Pick<ConsultaDeExportacoes, 'paraBaixar'>;
  readonly arquivos: Arquivos;
  /** Whether the session is over. */
  readonly acabou: (sessao: DaSessao) => boolean;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Downloads of an export under way at once, in each process: each opens and sends up to 256 MiB. */
const AO_MESMO_TEMPO = 2;
const ESPERA_SEGUNDOS = 10;

/** Hands out an archive to who has its address. A forged or void one is refused before anything is read. */
export class DownloadExportHandler {
  readonly #deps: Deps;
  /** How many are under way, by export. */
  readonly #abertos = new Map<string, number>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    endereco,
    origem,
  }: DownloadExportCommand): Promise<
    Result<ArquivoAberto, ExportacaoNaoEncontradaError | MuitasTentativasError>
  > {
    const { enderecos, consulta, acabou, clock } = this.#deps;
    const em = clock.now();
    const lido = enderecos.ler(endereco, em);
    const exportacao = lido && (await consulta.paraBaixar(lido.exportacaoId, lido.geracao, em));
    if (!exportacao) return Result.fail(new ExportacaoNaoEncontradaError());
    const { id, usuarioId, pedidoEm } = exportacao;
    const desde = new Date(lido.expiraEm.getTime() - ENDERECO_VALE_MS);
    if (acabou({ usuarioId, geracao: lido.geracao, sessaoId: lido.sessaoId, desde }))
      return Result.fail(new ExportacaoNaoEncontradaError());
    if ((this.#abertos.get(id) ?? 0) >= AO_MESMO_TEMPO)
      return Result.fail(new MuitasTentativasError(ESPERA_SEGUNDOS));
    return Result.ok({ pedidoEm, conteudo: this.#contar(id, this.#entregar(exportacao, origem, em)) });
  }

  /**
   * Recorded is what goes out: nothing for the headers alone, and before the first byte leaves, so that no archive is out without
   * a record of it, whatever becomes of this process or the database by its end.
   */
  async *#entregar(exportacao: Exportacao, origem: Origem, em: Date): AsyncGenerator<Buffer> {
    let saiu: 'BAIXADA' | 'BAIXADA_EM_PARTE' | undefined;
    try {
      for await (const parte of this.#deps.arquivos.abrir(exportacao, em)) {
        if (saiu === undefined) await this.#registrar('BAIXANDO', exportacao, origem);
        saiu = 'BAIXADA_EM_PARTE';
        yield parte;
      }
      saiu &&= 'BAIXADA';
    } finally {
      if (saiu !== undefined) await this.#registrar(saiu, exportacao, origem);
    }
  }

  #registrar(detalhe: string, { usuarioId }: Exportacao, origem: Origem): Promise<void> {
    const { auditoria, clock } = this.#deps;
    const evento = { tipo: 'DADOS_EXPORTADOS', resultado: 'FEITO' } as const;
    return auditoria.registrar({ ...evento, detalhe, usuarioId, origem, em: clock.now() });
  }

  /** Counts from the first part that is asked for: whoever wants the headers alone asks for none. */
  async *#contar(id: string, conteudo: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#abertos.set(id, (this.#abertos.get(id) ?? 0) + 1);
    try {
      yield* conteudo;
    } finally {
      const restam = (this.#abertos.get(id) ?? 1) - 1;
      if (restam > 0) this.#abertos.set(id, restam);
      else this.#abertos.delete(id);
    }
  }
}

import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Exportacao } from '../domain/exportacao.ts';
import { ExportacaoNaoEncontradaError } from '../domain/recusa.ts';
import type { Arquivos, ConsultaDeExportacoes, Enderecos } from './ports.ts';

/** Somebody has the address of an archive. */
export interface DownloadExportCommand {
  /** Last segment of the address, as it came. */
  readonly endereco: string;
  readonly origem: Origem;
}

/** The archive as it is sent. */
export interface ArquivoAberto {
  readonly pedidaEm: Date;
  readonly conteudo: AsyncIterable<Buffer>;
}

interface Deps {
  readonly enderecos: Pick<Enderecos, 'ler'>;
  readonly consulta: Pick<ConsultaDeExportacoes, 'paraBaixar'>;
  readonly arquivos: Arquivos;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Hands out an archive to who has its address. A forged or void one is refused before anything is read. */
export class DownloadExportHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    endereco,
    origem,
  }: DownloadExportCommand): Promise<Result<ArquivoAberto, ExportacaoNaoEncontradaError>> {
    const { enderecos, consulta, clock } = this.#deps;
    const em = clock.now();
    const lido = enderecos.ler(endereco, em);
    const exportacao = lido && (await consulta.paraBaixar(lido.exportacaoId, lido.geracao, em));
    if (!exportacao) return Result.fail(new ExportacaoNaoEncontradaError());
    return Result.ok({ pedidaEm: exportacao.pedidaEm, conteudo: this.#entregar(exportacao, origem, em) });
  }

  /** Recorded is what goes out: nothing for the headers alone, and also what somebody has who goes away before the end. */
  async *#entregar(exportacao: Exportacao, origem: Origem, em: Date): AsyncGenerator<Buffer> {
    const { arquivos, auditoria, clock } = this.#deps;
    let saiu: 'BAIXADA' | 'BAIXADA_EM_PARTE' | undefined;
    try {
      for await (const parte of arquivos.abrir(exportacao, em)) {
        saiu = 'BAIXADA_EM_PARTE';
        yield parte;
      }
      saiu = 'BAIXADA';
    } finally {
      const evento = { tipo: 'DADOS_EXPORTADOS', resultado: 'FEITO' } as const;
      const { usuarioId } = exportacao;
      if (saiu) await auditoria.registrar({ ...evento, detalhe: saiu, usuarioId, origem, em: clock.now() });
    }
  }
}

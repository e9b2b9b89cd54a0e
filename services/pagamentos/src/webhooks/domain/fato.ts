import { DomainError } from '@plataforma/domain/domain-error';
import type { Captura } from '../../cobrancas/domain/captura.ts';
import type { NoticiaDeDisputa } from '../../estornos/domain/disputa.ts';
import type { NoticiaDeEstorno } from '../../estornos/domain/estorno.ts';

/** What a webhook says, in the words of the domain. */
export type Fato =
  | (Required<Captura> & { readonly tipo: 'PAGO' })
  | {
      readonly tipo: 'RECUSADO';
      readonly pagamentoId: string;
      readonly recusaId: string;
      readonly codigo: string;
    }
  | { readonly tipo: 'EXPIRADO'; readonly pagamentoId: string; readonly sessaoId: string }
  | {
      readonly tipo: 'ESTORNOS';
      readonly pagamentoId: string;
      readonly noticias: readonly NoticiaDeEstorno[];
    }
  | { readonly tipo: 'DISPUTA'; readonly pagamentoId: string; readonly noticia: NoticiaDeDisputa }
  | { readonly tipo: 'IRRELEVANTE' };

/** An event in a version whose words may mean something else than those this program was made for: operators have to look. */
export class VersaoDesconhecidaError extends DomainError {
  override readonly motivo = 'VERSAO_DESCONHECIDA';

  constructor(versao: string) {
    super('O evento do provedor está em uma versão que este programa não conhece.', { versao });
  }
}

/** An event of the other mode than that of our key: test money pays nothing that is real, nor the other way round. */
export class ModoDivergenteError extends DomainError {
  override readonly motivo = 'MODO_DIVERGENTE';

  constructor(livemode: boolean) {
    super('O evento do provedor é de outro modo (teste ou produção) que o da chave.', {
      livemode,
    });
  }
}

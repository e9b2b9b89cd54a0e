import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { alvoDe } from './application/descadastro.ts';
import { DesligarHandler } from './application/desligar.ts';
import type { TransacaoComEnderecos } from './application/ports.ts';
import type { Preferencias } from './domain/preferencias.ts';
import type { DescadastroConfig } from './infrastructure/descadastro-config.ts';
import { TokensCifrados } from './infrastructure/tokens-de-descadastro.ts';
import type { IdiomaDaPagina } from './presentation/descadastro-paginas.ts';
import {
  descadastroPaginaRoute,
  descadastroRoute,
  enderecoDoDescadastro,
} from './presentation/descadastro-routes.ts';

interface Deps {
  readonly config: DescadastroConfig;
  readonly clock: Clock;
  readonly idiomaDe: (codigo: string) => IdiomaDaPagina;
  readonly uow: Pick<UnitOfWork<TransacaoComEnderecos>, 'run'>;
}

type MensagemComLink = Parameters<typeof alvoDe>[0] & { readonly preferencias: Pick<Preferencias, 'idioma'> };

/** The links in messages that end such messages. */
export function createDescadastro({ config, clock, idiomaDe, uow }: Deps): {
  readonly routes: readonly HttpRoute[];
  /** Where messages like this one are ended; undefined for one that has no such link. */
  readonly linkDe: (mensagem: MensagemComLink, email: string) => string | undefined;
} {
  const tokens = new TokensCifrados(config.unsubscribeKeys);
  return {
    routes: [
      descadastroPaginaRoute({ tokens, idiomaDe }),
      descadastroRoute({ tokens, idiomaDe, desligar: new DesligarHandler({ clock, uow }) }),
    ],
    linkDe(mensagem, email) {
      const alvo = alvoDe(mensagem);
      return (
        alvo &&
        enderecoDoDescadastro(config.publicUrl, tokens.token(alvo, email), mensagem.preferencias.idioma)
      );
    },
  };
}

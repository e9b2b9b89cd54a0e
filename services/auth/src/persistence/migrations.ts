import { AcessosDeRemovidas1763900000201 } from './migrations/acessos-de-removidas-1763900000201.ts';
import { CadastroRepetido1763900000014 } from './migrations/cadastro-repetido-1763900000014.ts';
import { ChavesApi1763900000270 } from './migrations/chaves-api-1763900000270.ts';
import { ChavesAposentadas1763900000012 } from './migrations/chaves-aposentadas-1763900000012.ts';
import { ChavesAssinatura1763900000002 } from './migrations/chaves-assinatura-1763900000002.ts';
import { ChavesPerdidas1763900000261 } from './migrations/chaves-perdidas-1763900000261.ts';
import { ChavesPessoais1763900000220 } from './migrations/chaves-pessoais-1763900000220.ts';
import { ChavesProxima1763900000150 } from './migrations/chaves-proxima-1763900000150.ts';
import { ContasDeUmEndereco1763900000140 } from './migrations/contas-de-um-endereco-1763900000140.ts';
import { EmailVerificado1763900000010 } from './migrations/email-verificado-1763900000010.ts';
import { EnderecosDeixados1763900000250 } from './migrations/enderecos-deixados-1763900000250.ts';
import { EventosSeguranca1763900000160 } from './migrations/eventos-seguranca-1763900000160.ts';
import { Exportacoes1763900000210 } from './migrations/exportacoes-1763900000210.ts';
import { Fatores1763900000110 } from './migrations/fatores-1763900000110.ts';
import { FatoresSelo1763900000180 } from './migrations/fatores-selo-1763900000180.ts';
import { GeracaoSenha1763900000251 } from './migrations/geracao-senha-1763900000251.ts';
import { GeracaoSessoes1763900000011 } from './migrations/geracao-sessoes-1763900000011.ts';
import { ListaDeUsuarios1763900000170 } from './migrations/lista-de-usuarios-1763900000170.ts';
import { NadaParaRemovidas1763900000230 } from './migrations/nada-para-removidas-1763900000230.ts';
import { Passkeys1763900000190 } from './migrations/passkeys-1763900000190.ts';
import { PedidosRenovados1763900000171 } from './migrations/pedidos-renovados-1763900000171.ts';
import { RastroDosPedidos1763900000280 } from './migrations/rastro-dos-pedidos-1763900000280.ts';
import { RedefinicoesSenha1763900000120 } from './migrations/redefinicoes-senha-1763900000120.ts';
import { Remocoes1763900000200 } from './migrations/remocoes-1763900000200.ts';
import { SaemCom1763900000252 } from './migrations/saem-com-1763900000252.ts';
import { SessoesTerminadas1763900000260 } from './migrations/sessoes-terminadas-1763900000260.ts';
import { SoSenha1763900000240 } from './migrations/so-senha-1763900000240.ts';
import { Texto1763900000013 } from './migrations/texto-1763900000013.ts';
import { TrocasDeEmail1763900000172 } from './migrations/trocas-de-email-1763900000172.ts';
import { Usuarios1763900000001 } from './migrations/usuarios-1763900000001.ts';
import { Vinculos1763900000130 } from './migrations/vinculos-1763900000130.ts';

/** Every migration of auth, oldest first. */
export const migrations = [
  Usuarios1763900000001,
  ChavesAssinatura1763900000002,
  EmailVerificado1763900000010,
  GeracaoSessoes1763900000011,
  ChavesAposentadas1763900000012,
  Texto1763900000013,
  CadastroRepetido1763900000014,
  Fatores1763900000110,
  RedefinicoesSenha1763900000120,
  Vinculos1763900000130,
  ContasDeUmEndereco1763900000140,
  ChavesProxima1763900000150,
  EventosSeguranca1763900000160,
  ListaDeUsuarios1763900000170,
  PedidosRenovados1763900000171,
  TrocasDeEmail1763900000172,
  FatoresSelo1763900000180,
  Passkeys1763900000190,
  Remocoes1763900000200,
  AcessosDeRemovidas1763900000201,
  Exportacoes1763900000210,
  ChavesPessoais1763900000220,
  NadaParaRemovidas1763900000230,
  SoSenha1763900000240,
  EnderecosDeixados1763900000250,
  GeracaoSenha1763900000251,
  SaemCom1763900000252,
  SessoesTerminadas1763900000260,
  ChavesPerdidas1763900000261,
  ChavesApi1763900000270,
  RastroDosPedidos1763900000280,
];

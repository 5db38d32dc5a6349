export { type Decider, judgePacket, type PacketJudgement } from './access/judge.ts';
export { type Reach, type ReachChangeView, type ReachOptions, reachChanges } from './access/reach.ts';
export { meetsChain } from './access/strangers.ts';
export { validateChainName } from './check/chain-name.ts';
export { type Exposure, exposure } from './check/exposure.ts';
export { type Shadow, shadowsOf } from './check/shadow.ts';
export { type Finding, type RulePlace, validateFields, validateRule } from './check/validate.ts';
export { type SetFinding, type SetOptions, validateSet } from './check/validate-set.ts';
export { dialectFindings } from './dialects/findings.ts';
export { asInstalled, type Change, type Installed } from './dialects/installed.ts';
export { applyCommand } from './editing/apply-command.ts';
export { applyPayload, type RestoreOptions } from './editing/apply-payload.ts';
export { describeRule, type RuleWords, type Words } from './editing/describe.ts';
export { type Advice, type AdviceCode, explainCommand } from './editing/explain.ts';
export { explainRoute, type HostRoute, type RouteAdvice } from './editing/explain-route.ts';
export { fieldsOfRule, maxCommentBytes, type RuleFields, ruleFromFields } from './editing/fields.ts';
export type { OptionForm, OptionText } from './editing/option-texts.ts';
export {
  type Incomplete,
  type Repair,
  type Repaired,
  type RepairKind,
  repairCommand,
} from './editing/repair.ts';
export { repairSaved } from './editing/repair-saved.ts';
export type { RouteChange, RouteCommand } from './editing/route-command.ts';
export {
  type ExtensionForm,
  emptyInput,
  type MatchInput,
  matchForms,
  type RuleInput,
  ruleFromInput,
  ruleInputOf,
  targetForms,
} from './editing/rule-input.ts';
export { readSteps, type Step, type Steps } from './editing/steps.ts';
export { type ErrorParams, type NetfilterCode, NetfilterError } from './error.ts';
export type { LocalAddresses } from './evaluate/conditions/header.ts';
export type { Effect } from './evaluate/effects.ts';
export { compileRuleSet, type EvaluateOptions, type Evaluator, evaluate } from './evaluate/evaluate.ts';
export type { Doubt, Evaluation, Verdict, Way } from './evaluate/evaluation.ts';
export {
  type ConnectionState,
  type Packet,
  type PacketFields,
  packetOf,
  type TcpFlag,
} from './evaluate/packet.ts';
export type { PacketPath } from './evaluate/place.ts';
export type { Step as PathStep } from './evaluate/steps.ts';
export { findMatch, targetOf } from './extensions/catalog.ts';
export { connectionStates } from './extensions/matches/conntrack.ts';
export { rejectAnswers, usualRejectAnswer } from './extensions/targets/reject.ts';
export { canonicalText } from './host/canonical.ts';
export { type ChainDifferenceView, chainDifferences } from './host/chain-differences.ts';
export { foreignOwner, type OwnerOf } from './host/foreign.ts';
export {
  applyEdit,
  type ChainView,
  completeRuleSet,
  type Edit,
  type SshguardView,
  savedText,
  viewChains,
  viewSshguard,
} from './host/host-rules.ts';
export {
  blankRule,
  builtInChains,
  type Chain,
  type Family,
  isBuiltIn,
  isModelled,
  type Match,
  type Negatable,
  type Policy,
  type Rule,
  type RuleSet,
  type Table,
  type Target,
} from './model.ts';
export type { ChainChange } from './plan/chain-change.ts';
export { type Owns, withForeignChains } from './plan/chain-pairs.ts';
export { type Identified, identify, type RuleEdited, type RuleIds } from './plan/identity.ts';
export { type Merge, type MergeConflict, mergeRuleSets } from './plan/merge.ts';
export type { RuleConflict, RuleConflictKind } from './plan/merge-rules.ts';
export type { Payload } from './plan/payload.ts';
export { type Plan, type PlanChecks, type PlanOptions, planChange } from './plan/plan-change.ts';
export { commandOf, type RuleEdit } from './print/command.ts';
export {
  type Backend,
  backendOf,
  type Dialect,
  defaultDialect,
  dialectOf,
  dialects,
  parseVersion,
} from './print/dialect.ts';
export { abbreviateCounter, type ListingOptions, printListing } from './print/listing.ts';
export {
  type PrintOptions,
  printRule,
  printSave,
  type RulePrintOptions,
  recounted,
  ruleText,
} from './print/print.ts';
export { type Command, changesNothing, type TableCommand } from './read/command.ts';
export { type CommandOptions, parseCommand } from './read/parse-command.ts';
export { type PayloadOptions, parsePayload } from './read/parse-payload.ts';
export { parseRule, parseRules, type RuleOptions } from './read/parse-rule.ts';
export { parseSave, type SaveOptions } from './read/parse-save.ts';
export type { ChainHeader, PayloadLine, PayloadTable, RestorePayload } from './read/payload.ts';
export { RuleMemory } from './read/rule-memory.ts';
export { parseRulesListing, printRulesListing, type RulesListingOptions } from './read/rules-listing.ts';
export { holdsAddress } from './values/holds-address.ts';

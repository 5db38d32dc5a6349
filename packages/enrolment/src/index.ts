export {
  type Credential,
  checkCredential,
  fingerprintOf,
  instanceOf,
  parseCredential,
  printCredential,
} from './credential.ts';
export { type EnrolProgress, enrol } from './enrol.ts';
export { EnrolmentFailure, type FailureCode } from './failure.ts';
export { type Keeper, type KeeperReport, keepEnrolled } from './keeper.ts';
export { keyFingerprint, makeKey } from './key.ts';
export { hostLeaf, type Leaf } from './leaf.ts';
export { certificateRequest } from './request.ts';

targetScope = 'subscription'

@description('Name of the azd environment; resources are named after it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of every resource.')
@metadata({ azd: { type: 'location' } })
param location string

@description('SHA-256 of the administrator\'s token, in hex.')
@secure()
@minLength(64)
@maxLength(64)
param adminTokenSha256 string

@description('The private key that signs the checkpoints of the audit: EC P-256, base64 of PKCS #8; or a reference to a key vault\'s secret. Without one they are chained, but not signed.')
@secure()
param auditSigningKey string = ''

@description('Public keys that signed checkpoints before, base64 of SubjectPublicKeyInfo, with ; between.')
param auditTrustedKeys string = ''

@description('Whether App Service authentication stands before the app, so that the principals it names are callers of the store. It must be set up then: without it anybody can name one.')
param trustPrincipalHeader bool = false

@description('The role of a principal of App Service authentication that has none of the app roles.')
@allowed(['Reader', 'Writer', 'Approver', 'Admin'])
param principalRole string = 'Reader'

@description('Encrypts the secrets of webhooks: base64 of 32 bytes; or a reference to a key vault\'s secret. Without one they are kept as they are, in storage that Azure encrypts.')
@secure()
param webhooksSecretKey string = ''

@description('Tier of the message broker. Basic has queues and costs nothing while idle; Standard makes a topic of the requests for retraining and detects duplicates. The choice stands: a queue does not become a topic.')
@allowed(['Basic', 'Standard'])
param serviceBusSku string = 'Basic'

@description('Who sends messages for ingestion besides the app: the object id of a group or a service principal.')
param producerPrincipalId string = ''

@description('Where messages that could not be applied are reported to.')
param alertEmail string = ''

@description('Begins the names of tables and containers.')
@minLength(1)
@maxLength(21)
param tablePrefix string = 'smt'

@description('Redundancy of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances at a time.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that are kept ready for requests; 0 scales to zero.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('The most telemetry a day, in GB.')
@minValue(1)
param dailyTelemetryGb int = 1

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    sku: storageSku
    tablePrefix: tablePrefix
    principalId: identity.outputs.principalId
  }
}

module messaging 'modules/messaging.bicep' = {
  name: 'messaging'
  scope: group
  params: {
    name: 'sbns-${token}'
    location: location
    tags: tags
    sku: serviceBusSku
    principalId: identity.outputs.principalId
    producerPrincipalId: producerPrincipalId
    alertEmail: alertEmail
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    location: location
    tags: tags
    dailyQuotaGb: dailyTelemetryGb
    principalId: identity.outputs.principalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    planName: 'plan-${token}'
    name: 'func-${token}'
    location: location
    tags: tags
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    blobServiceUri: storage.outputs.blobServiceUri
    queueServiceUri: storage.outputs.queueServiceUri
    tableServiceUri: storage.outputs.tableServiceUri
    tablePrefix: tablePrefix
    serviceBusNamespace: messaging.outputs.fullyQualifiedNamespace
    retrainingSubscription: messaging.outputs.retrainingSubscription
    insightsConnectionString: monitoring.outputs.connectionString
    adminTokenSha256: adminTokenSha256
    trustPrincipalHeader: trustPrincipalHeader
    principalRole: principalRole
    webhooksSecretKey: webhooksSecretKey
    auditSigningKey: auditSigningKey
    auditTrustedKeys: auditTrustedKeys
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_BUS_NAMESPACE string = messaging.outputs.fullyQualifiedNamespace
output SERVICE_STORE_NAME string = app.outputs.name
output SERVICE_STORE_URI string = app.outputs.uri

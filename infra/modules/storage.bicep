@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param sku string
param tablePrefix string

@description('The identity that reads and writes.')
param principalId string

// The store creates none of these itself in Azure: a request never waits for a table.
var tables = [
  'experiments'
  'runs'
  'files'
  'contents'
  'artifacts'
  'loggedmodels'
  'environments'
  'models'
  'webhooks'
  'comments'
  'tokens'
  'monitoring'
  'rules'
]
var containers = [
  'inputs'
  'index'
  'content'
  'previews'
  'manifests'
  'environments'
  'audit'
  'monitoring'
]

var deploymentContainer = 'deployment'

// The host keeps its leases in blobs, so it needs Owner there. It has no queue and no blob trigger, so it needs no role on queues.
var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource deployment 'containers' = {
      name: deploymentContainer
    }

    resource container 'containers' = [
      for container in containers: {
        name: '${tablePrefix}-${container}'
      }
    ]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for table in tables: {
        name: '${tablePrefix}${table}'
      }
    ]
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(roles): {
    name: guid(account.id, principalId, role.value)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

output blobServiceUri string = account.properties.primaryEndpoints.blob
output queueServiceUri string = account.properties.primaryEndpoints.queue
output tableServiceUri string = account.properties.primaryEndpoints.table
output deploymentContainerUri string = '${account.properties.primaryEndpoints.blob}${deploymentContainer}'

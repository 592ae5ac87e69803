param planName string
param name string
param location string
param tags object
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyInstances int
param identityId string
param identityClientId string
param deploymentContainerUri string
param blobServiceUri string
param queueServiceUri string
param tableServiceUri string
param tablePrefix string
param serviceBusNamespace string
param retrainingSubscription string
param insightsConnectionString string
param trustPrincipalHeader bool
param principalRole string
param auditTrustedKeys string

@secure()
param adminTokenSha256 string

@secure()
param auditSigningKey string

@secure()
param webhooksSecretKey string

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'store' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances > 0 ? [{ name: 'http', instanceCount: alwaysReadyInstances }] : []
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
      AZURE_CLIENT_ID: identityClientId
      Access__AdminTokenSha256: adminTokenSha256
      Access__PrincipalRole: principalRole
      Access__TrustPrincipalHeader: string(trustPrincipalHeader)
      Audit__SigningKey: auditSigningKey
      Audit__TrustedKeys: auditTrustedKeys
      // Otherwise the host answers / with a page of its own.
      AzureWebJobsDisableHomepage: 'true'
      AzureWebJobsStorage__blobServiceUri: blobServiceUri
      AzureWebJobsStorage__clientId: identityClientId
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__queueServiceUri: queueServiceUri
      AzureWebJobsStorage__tableServiceUri: tableServiceUri
      FUNCTIONS_EXTENSION_VERSION: '~4'
      // Files are streamed, so they may be larger than the host's 100 MB; what takes longer than its 230 seconds goes straight into storage.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '5368709120'
      Messages__RetrainingSubscription: retrainingSubscription
      ServiceBusConnection__clientId: identityClientId
      ServiceBusConnection__credential: 'managedidentity'
      ServiceBusConnection__fullyQualifiedNamespace: serviceBusNamespace
      Storage__BlobServiceUri: blobServiceUri
      Storage__TablePrefix: tablePrefix
      Storage__TableServiceUri: tableServiceUri
      Webhooks__SecretKey: webhooksSecretKey
    }
  }
}

output name string = site.name
output uri string = 'https://${site.properties.defaultHostName}'
